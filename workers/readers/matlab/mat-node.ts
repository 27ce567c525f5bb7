import type { DType } from '../../model/dtype.ts';
import type { Metadata } from '../../model/signal.ts';

/** Numbers as they were stored, anywhere in the file or in an unpacked element. */
export type MatRange = {
  /** byte position in the file, or in what the packed element unpacks to */
  offset: number;
  bytes: number;
  dtype: DType;
};

/** A compressed top-level element (miCOMPRESSED): `size` bytes come out of `length` bytes at `offset` of the file. */
export type MatPacked = { offset: number; length: number; size: number };

/** One array of numbers: column-major, the first size fastest. */
export interface MatNumeric {
  kind: 'numeric';
  className: string;
  size: number[];
  logical: boolean;
  real: MatRange;
  imaginary: MatRange | null;
  /** the values when there are only a few of them and they are real */
  few: number[] | null;
}

/** Compressed columns: of column c, the elements columnStarts[c] … columnStarts[c + 1] − 1 lie in the rows `rows`. */
export interface MatSparse {
  kind: 'sparse';
  size: number[];
  logical: boolean;
  rows: MatRange;
  columnStarts: MatRange;
  real: MatRange;
  imaginary: MatRange | null;
}

/** Triplets of MATLAB 4: columns of row, column, value (and imaginary part), counted from 1, the last row the size. */
export interface MatTriplets {
  kind: 'triplets';
  size: number[];
  table: MatRange;
  entries: number;
  complex: boolean;
}

export interface MatText {
  kind: 'text';
  size: number[];
  text: string;
}

/** Cells and structs; the children of a struct array are named `(2).field`, of a cell `{2}`. */
export interface MatGroup {
  kind: 'group';
  className: string;
  size: number[];
  children: { name: string; value: MatValue }[];
  /** how many more children there are than are listed */
  more: number;
}

/** What is named but not read: function handles, objects of newer MATLAB, what lies too deep. */
export interface MatOther {
  kind: 'other';
  className: string;
  size: number[];
}

export type MatValue = MatNumeric | MatSparse | MatTriplets | MatText | MatGroup | MatOther;

export interface MatVariable {
  name: string;
  value: MatValue;
  littleEndian: boolean;
  /** null when the element lies open in the file */
  packed: MatPacked | null;
}

export interface MatFile {
  variables: MatVariable[];
  /** version and header text */
  about: Metadata;
  warnings: string[];
}

/** Arrays of up to this many numbers are also listed in the metadata. */
export const fewValues = 64;
/** Text longer than this is cut. */
export const longestText = 65536;

export const countOf = (size: readonly number[]): number => size.reduce((n, s) => n * s, 1);
