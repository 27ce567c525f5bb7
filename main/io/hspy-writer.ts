import type { Axis } from '../../workers/model/axes.ts';
import { axisValues } from '../../workers/model/axes.ts';
import type { DType } from '../../workers/model/dtype.ts';
import type { Metadata, MetadataValue } from '../../workers/model/signal.ts';
import { signalAxes } from '../../workers/model/signal.ts';
import type { WriteOptions } from './atomic-write.ts';
import { boolean, dataset, float, group, integer, text, type GroupNode, type Storage } from './hdf5-writer/tree.ts';
import { writeHdf5 } from './hdf5-writer/write-hdf5.ts';
import { eigenscopeGroup, learningGroup, type LearningFields, type StoredResult } from './hspy-learning.ts';
import { metadataGroup, safeName } from './hspy-values.ts';
import type { ArrayData } from './npy-writer.ts';

/** A signal to be written: what a header says, and the pixels in C order of `shape`, at once or in blocks of any size. */
export interface HspySignal {
  title: string;
  signalType: string;
  shape: readonly number[];
  dtype: DType;
  /** in array order, one per dimension */
  axes: readonly Axis[];
  quantity?: { name: string; units: string | null };
  metadata: Metadata;
  originalMetadata: Metadata;
  data: ArrayData;
  /** default: integers deflated, floats contiguous (noise does not pack) */
  storage?: Storage;
  /** the active result, in HyperSpy's fields */
  learning?: LearningFields;
  /** how everything in the file came about: JSON text */
  provenance?: string;
}

/** All results of Eigenscope, beside what HyperSpy understands. */
export interface HspyFile {
  signals: readonly HspySignal[];
  results?: readonly StoredResult[];
}

export const defaultStorage = (dtype: DType): Storage =>
  /^(?:float|complex)/.test(dtype) ? { kind: 'contiguous' } : { kind: 'deflated', level: 4 };

const isTree = (value: MetadataValue | undefined): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const branch = (tree: Metadata, name: string): Metadata => {
  const found = Object.hasOwn(tree, name) ? tree[name] : undefined;
  return isTree(found) ? found : {};
};

/** The spectra of these signals are counts per channel: HyperSpy calls the axis binned. */
const isBinned = (signalType: string): boolean => /^(?:EELS|EDS)/.test(signalType);

function axisGroup(axis: Axis, binned: boolean): GroupNode {
  const node = group({
    _type: text(axis.values ? 'DataAxis' : 'UniformDataAxis'),
    size: integer(axis.size),
    navigate: boolean(axis.navigate),
    is_binned: boolean(binned && !axis.navigate),
  });
  if (axis.values) {
    node.children.set('axis', dataset('float64', [axis.size], axisValues(axis)));
  } else {
    node.attributes.set('scale', float(axis.scale));
    node.attributes.set('offset', float(axis.offset));
  }
  if (axis.name !== '') node.attributes.set('name', text(axis.name));
  if (axis.units !== null && axis.units !== '') node.attributes.set('units', text(axis.units));
  return node;
}

/** The metadata with what HyperSpy needs in them: title, type of signal, dimension of a spectrum or an image, folding. */
function completeMetadata(signal: HspySignal): Metadata {
  const { metadata, title, signalType, quantity } = signal;
  const dimension = signalAxes(signal.axes).length;
  const quantityText = quantity?.units ? `${quantity.name} (${quantity.units})` : null;
  return {
    ...metadata,
    General: { ...branch(metadata, 'General'), title },
    Signal: {
      ...branch(metadata, 'Signal'),
      signal_type: signalType,
      record_by: dimension === 1 ? 'spectrum' : dimension === 2 ? 'image' : '',
      ...(quantityText === null ? {} : { quantity: quantityText }),
    },
    _HyperSpy: {
      ...branch(metadata, '_HyperSpy'),
      Folding: { unfolded: false, signal_unfolded: false, original_shape: null, original_axes_manager: null },
    },
  };
}

function experimentGroup(signal: HspySignal): GroupNode {
  // Readers that compare versions of HyperSpy expect one of its numbers here.
  const node = group({ package: text('hyperspy'), package_version: text('1.7.3') });
  signal.axes.forEach((axis, i) => node.children.set(`axis-${i}`, axisGroup(axis, isBinned(signal.signalType))));
  const storage = signal.storage ?? defaultStorage(signal.dtype);
  node.children.set('data', dataset(signal.dtype, signal.shape, signal.data, storage));
  node.children.set('learning_results', learningGroup(signal.learning ?? null, signal.provenance ?? null));
  node.children.set('metadata', metadataGroup(completeMetadata(signal)));
  node.children.set('original_metadata', metadataGroup(signal.originalMetadata));
  return node;
}

/**
 * All that a file of HyperSpy holds, as a tree of groups (format version 3.1, which HyperSpy 1.7 and 2.x read).
 * @param format what the file calls itself: HyperSpy in HDF5, ZSpy in Zarr
 */
export function hspyTree(file: HspyFile, format: 'HyperSpy' | 'ZSpy'): GroupNode {
  const experiments = group();
  for (const signal of file.signals) {
    const wanted = signal.title === '' ? '__unnamed__' : safeName(signal.title);
    let name = wanted;
    for (let n = 1; experiments.children.has(name); n++) name = `${wanted}-${n}`;
    experiments.children.set(name, experimentGroup(signal));
  }
  const root = group({ file_format: text(format), file_format_version: text('3.1') }, { Experiments: experiments });
  if (file.results && file.results.length > 0) root.children.set('Eigenscope', eigenscopeGroup(file.results));
  return root;
}

/**
 * Writes signals as a HyperSpy file (.hspy), whole or not at all. Pixels are streamed; with learning results, HyperSpy
 * has them at hand after loading.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`, `shape-mismatch`
 */
export async function writeHspy(path: string, file: HspyFile, options: WriteOptions): Promise<void> {
  await writeHdf5(path, hspyTree(file, 'HyperSpy'), options);
}
