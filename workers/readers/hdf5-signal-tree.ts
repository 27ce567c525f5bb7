import type { Hdf5File } from './hdf5-open.ts';
import { childNames, kindOf } from './hdf5-tree.ts';
import { describeDataset, readAttributes, readDatasetNumbers, readDatasetValue } from './hdf5-values.ts';
import type { SignalTree } from './signal-tree.ts';

/** An open HDF5 file as a tree for readers that know other containers as well. */
export const hdf5SignalTree = (file: Hdf5File): SignalTree => ({
  path: file.path,
  childNames: (group) => childNames(file, group),
  kindOf(path) {
    const kind = kindOf(file, path);
    return kind === 'group' || kind === 'dataset' ? kind : 'other';
  },
  attributes: (path, warnings) => readAttributes(file, path, warnings),
  shapeOf: (dataset) => describeDataset(file, dataset).shape ?? null,
  value: (dataset) => readDatasetValue(file, dataset),
  numbers: (dataset) => readDatasetNumbers(file, dataset)?.values ?? null,
});
