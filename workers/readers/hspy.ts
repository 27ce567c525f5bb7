import { EigenscopeError } from '../model/errors.ts';
import type { FileHeader, SignalHeader } from '../model/signal.ts';
import { elementType } from './hdf5-dtype.ts';
import { firstMissingFilter, filterTitle } from './hdf5-filters.ts';
import { layoutOfDataset } from './hdf5-layout.ts';
import { findHdf5Signature, withHdf5, type Hdf5File } from './hdf5-open.ts';
import { hdf5SignalTree } from './hdf5-signal-tree.ts';
import { childPath, kindOf } from './hdf5-tree.ts';
import { datasetFilters, describeDataset, readAttributes } from './hdf5-values.ts';
import { describeExperiment, experimentsOf, readExperiments } from './hspy-experiment.ts';
import type { Reader, ReadHints } from './reader.ts';

/** Whether an open HDF5 file has HyperSpy's layout: the root attribute or the group of experiments. */
export function isHspy(file: Hdf5File): boolean {
  if (kindOf(file, '/Experiments') === 'group') return true;
  const attributes = readAttributes(file, '/', []);
  return String(attributes.get('file_format') ?? '').toLowerCase() === 'hyperspy';
}

/** Paths of the signals of a file, in the file's order: /Experiments/<title>. */
export const experimentPaths = (file: Hdf5File): string[] => experimentsOf(hdf5SignalTree(file));

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
  const described = describeExperiment(hdf5SignalTree(file), experiment, type.shape, warnings);
  const missing = firstMissingFilter(datasetFilters(file, data));
  if (missing !== null) {
    warnings.push(
      `The data are compressed with the HDF5 filter ${filterTitle(missing)}, which is not available: they cannot be read.`,
    );
  }
  return {
    ...described,
    shape: [...type.shape],
    dtype,
    layout: await layoutOfDataset(file, data, type, dtype),
    warnings,
  };
}

/** All signals of a HyperSpy file (.hspy, or .hdf5 of older versions; format versions 1.0 to 3.3 and beyond). */
export async function readHspyHeader(file: Hdf5File): Promise<FileHeader> {
  const signals = await readExperiments(experimentPaths(file), (experiment) => readSignal(file, experiment));
  if (signals.length > 0) return { format: 'hspy', signals };
  throw new EigenscopeError(
    'unsupported-format',
    `${file.path} is an HDF5 file of HyperSpy, but it holds no signal (no group with data under /Experiments).`,
    { path: file.path },
  );
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
