import type { MetadataValue } from '../model/signal.ts';

/** A tree of groups, attributes and arrays in which HyperSpy's layout can be found: an HDF5 file or a Zarr store. */
export interface SignalTree {
  path: string;
  childNames(group: string): string[];
  kindOf(path: string): 'group' | 'dataset' | 'other';
  /** an unreadable attribute becomes a warning, not a failure */
  attributes(path: string, warnings: string[]): Map<string, MetadataValue>;
  /** null for an array without a shape */
  shapeOf(dataset: string): readonly number[] | null;
  /** A small array as a JSON value: nested by shape. */
  value(dataset: string): MetadataValue;
  /** A small array of numbers, in C order; null when it holds no numbers. */
  numbers(dataset: string): Float64Array | null;
}
