import type { DType } from '../../../workers/model/dtype.ts';
import type { ArrayData } from '../npy-writer.ts';

/** A scalar attribute. JavaScript has one kind of number, HDF5 readers care: say which. */
export type AttributeValue =
  | { kind: 'text'; value: string }
  | { kind: 'integer'; value: number }
  | { kind: 'float'; value: number }
  | { kind: 'boolean'; value: boolean };

export const text = (value: string): AttributeValue => ({ kind: 'text', value });
export const integer = (value: number): AttributeValue => ({ kind: 'integer', value });
export const float = (value: number): AttributeValue => ({ kind: 'float', value });
export const boolean = (value: boolean): AttributeValue => ({ kind: 'boolean', value });

/** How the elements of a data set lie in the file. */
export type Storage =
  /** one run of bytes: other programs can map it */
  | { kind: 'contiguous' }
  /** chunks of whole runs in C order, shuffled and deflated; `level` 1 (fast) … 9 (small) */
  | { kind: 'deflated'; level: number };

export interface GroupNode {
  kind: 'group';
  attributes: Map<string, AttributeValue>;
  children: Map<string, Hdf5Node>;
}

export interface DatasetNode {
  kind: 'dataset';
  dtype: DType;
  shape: readonly number[];
  /** C order, little-endian: all at once or block by block, blocks of any size */
  data: ArrayData;
  storage: Storage;
  attributes: Map<string, AttributeValue>;
}

/** A list of texts of any length, in UTF-8. */
export interface TextsNode {
  kind: 'texts';
  values: readonly string[];
}

export type Hdf5Node = GroupNode | DatasetNode | TextsNode;

export const group = (
  attributes: Record<string, AttributeValue> = {},
  children: Record<string, Hdf5Node> = {},
): GroupNode => ({
  kind: 'group',
  attributes: new Map(Object.entries(attributes)),
  children: new Map(Object.entries(children)),
});

export const dataset = (
  dtype: DType,
  shape: readonly number[],
  data: ArrayData,
  storage: Storage = { kind: 'contiguous' },
): DatasetNode => ({ kind: 'dataset', dtype, shape, data, storage, attributes: new Map() });
