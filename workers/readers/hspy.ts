import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../model/signal.ts';
import { elementType } from './hdf5-dtype.ts';
import { firstMissingFilter, filterTitle } from './hdf5-filters.ts';
import { layoutOfDataset } from './hdf5-layout.ts';
import { findHdf5Signature, withHdf5, type Hdf5File } from './hdf5-open.ts';
import { childNames, childPath, kindOf } from './hdf5-tree.ts';
import { datasetFilters, describeDataset, readAttributes } from './hdf5-values.ts';
import { readAxes } from './hspy-axes.ts';
import { branch, parseQuantity, textAt, upgradeMappedParameters } from './hspy-metadata.ts';
import { decodeTree } from './hspy-tree.ts';
import type { Reader, ReadHints } from './reader.ts';

/** Whether an open HDF5 file has HyperSpy's layout: the root attribute or the group of experiments. */
export function isHspy(file: Hdf5File): boolean {
  if (kindOf(file, '/Experiments') === 'group') return true;
  const attributes = readAttributes(file, '/', []);
  return String(attributes.get('file_format') ?? '').toLowerCase() === 'hyperspy';
}

/** Paths of the signals of a file, in the file's order: /Experiments/<title>. */
export function experimentPaths(file: Hdf5File): string[] {
  if (kindOf(file, '/Experiments') !== 'group') return [];
  return childNames(file, '/Experiments')
    .map((name) => childPath('/Experiments', name))
    .filter((path) => kindOf(file, path) === 'group' && kindOf(file, childPath(path, 'data')) === 'dataset');
}

/** Metadata of a signal under today's names, and the file's own tree; versions before 1.2 use other group names. */
function readTrees(file: Hdf5File, experiment: string, warnings: string[]): { metadata: Metadata; original: Metadata } {
  const names = childNames(file, experiment);
  const tree = (name: string): Metadata =>
    kindOf(file, childPath(experiment, name)) === 'group'
      ? decodeTree(file, childPath(experiment, name), warnings)
      : {};
  const metadata = names.includes('mapped_parameters')
    ? upgradeMappedParameters(tree('mapped_parameters'))
    : names.includes('metadata')
      ? tree('metadata')
      : {};
  const original = names.includes('original_metadata')
    ? tree('original_metadata')
    : names.includes('original_parameters')
      ? tree('original_parameters')
      : {};
  return { metadata, original };
}

/** Text that is told apart from nothing: an empty title of a group called "__unnamed__" stays empty. */
function titleOf(metadata: Metadata, experiment: string): string {
  const title = textAt(branch(metadata, 'General'), 'title');
  if (title !== null) return title;
  const name = experiment.slice('/Experiments/'.length);
  return name === '__unnamed__' ? '' : name;
}

async function readSignal(file: Hdf5File, experiment: string): Promise<SignalHeader> {
  const warnings: string[] = [];
  const data = childPath(experiment, 'data');
  const type = describeDataset(file, data);
  const dtype = elementType(type);
  if (!dtype || !type.shape) {
    throw new EigenscopeError(
      'unsupported-format',
      `${file.path}: the signal ${experiment} has no plain array of numbers (ragged or text data).`,
      { path: file.path },
    );
  }
  const { metadata, original } = readTrees(file, experiment, warnings);
  const signal = branch(metadata, 'Signal');
  const axes = readAxes(file, experiment, type.shape, textAt(signal, 'record_by'), warnings);
  const missing = firstMissingFilter(datasetFilters(file, data));
  if (missing !== null) {
    warnings.push(
      `The data are compressed with the HDF5 filter ${filterTitle(missing)}, which is not available: they cannot be read.`,
    );
  }
  return {
    title: titleOf(metadata, experiment),
    signalType: textAt(signal, 'signal_type') ?? '',
    shape: [...type.shape],
    dtype,
    axes,
    quantity: parseQuantity(textAt(signal, 'quantity')),
    metadata,
    originalMetadata: original,
    layout: await layoutOfDataset(file, data, type, dtype),
    warnings,
  };
}

/** All signals of a HyperSpy file (.hspy, or .hdf5 of older versions; format versions 1.0 to 3.3 and beyond). */
export async function readHspyHeader(file: Hdf5File): Promise<FileHeader> {
  const experiments = experimentPaths(file);
  const signals: SignalHeader[] = [];
  let refusal: EigenscopeError | null = null;
  for (const experiment of experiments) {
    try {
      signals.push(await readSignal(file, experiment));
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError) || thrown.code !== 'unsupported-format') throw thrown;
      refusal ??= thrown;
    }
  }
  if (signals.length === 0) {
    throw (
      refusal ??
      new EigenscopeError(
        'unsupported-format',
        `${file.path} is an HDF5 file of HyperSpy, but it holds no signal (no group with data under /Experiments).`,
        { path: file.path },
      )
    );
  }
  if (refusal) signals[0] = { ...signals[0]!, warnings: [...signals[0]!.warnings, refusal.message] };
  return { format: 'hspy', signals };
}

/** HyperSpy's own format in HDF5. */
export const hspyReader: Reader = {
  id: 'hspy',
  title: 'HyperSpy (HDF5)',
  extensions: ['hspy', 'hdf5'],
  probe(head, path) {
    if (!findHdf5Signature(head)) return 0;
    return /\.hspy$/i.test(path) ? 1 : hasName(head, 'Experiments') || hasName(head, 'HyperSpy') ? 0.8 : 0;
  },
  header(path: string, _hints: ReadHints): Promise<FileHeader> {
    return withHdf5(path, async (file) => {
      if (isHspy(file)) return readHspyHeader(file);
      throw new EigenscopeError(
        'unsupported-format',
        `${path} is an HDF5 file, but not one that HyperSpy wrote: it holds no group /Experiments. Give it the ending .h5 to choose a data set in it.`,
        { path },
      );
    });
  },
};

function hasName(head: Uint8Array, name: string): boolean {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes(name, 0, 'latin1');
}
