import type { DType } from './dtype.ts';
import type { FileStamp } from './signal.ts';

/**
 * X [samples × features] of a dataset, as a description that any thread can open: C order, navigation axes first.
 * `shared`: all of it in shared memory in the file's dtype. `raw`: little- or big-endian rows in a file, one after another or at equal distances.
 * `hdf5`: chunks of a data set, compressed or not, which every thread unpacks for itself.
 */
export type RowSource =
  | { kind: 'shared'; buffer: SharedArrayBuffer; dtype: DType; samples: number; features: number }
  | {
      kind: 'raw';
      path: string;
      offset: number;
      littleEndian: boolean;
      dtype: DType;
      samples: number;
      features: number;
      /** bytes from the beginning of a row to that of the next, where something lies between them; a row's own when absent */
      rowStep?: number;
      /** the file as it was when its header was read: rows are never read from another one */
      stamp?: FileStamp;
    }
  | {
      kind: 'hdf5';
      path: string;
      dataset: string;
      storedShape: readonly number[];
      /** stored axis of every axis of `shape`, as in a pixel layout */
      axisOrder?: readonly number[];
      /** navigation sizes, then signal sizes, each slowest first */
      shape: readonly number[];
      dtype: DType;
      samples: number;
      features: number;
      /** unpacked chunks that a thread may keep, so that none is unpacked twice when rows are read in order */
      cacheBytes: number;
      stamp?: FileStamp;
    };

/**
 * Room for rows of float64 that threads fill, each its own: in shared memory, or in a file from `offset` bytes on.
 */
export type RowTarget = { kind: 'shared'; data: Float64Array } | { kind: 'file'; path: string; offset: number };

/**
 * The matrix an algorithm sees, in order of application:
 * keep rows and columns, subtract means, divide by scales, transpose.
 * A = [ (X[rows, columns] − rowMean − columnMean) / (rowScale · columnScale) ], transposed when asked.
 * A scale of 0 gives 0 (Poisson normalisation: 0/0 = 0). Indices and vectors live in shared memory.
 */
export interface MatrixView {
  source: RowSource;
  /** kept rows of X in order, or all */
  rows?: Int32Array;
  columns?: Int32Array;
  /** one value per kept row / kept column */
  rowMean?: Float64Array;
  columnMean?: Float64Array;
  rowScale?: Float64Array;
  columnScale?: Float64Array;
  transpose?: boolean;
}
