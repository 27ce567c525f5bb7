import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { ResultArray } from '../model/result.ts';
import type { SignalHeader } from '../model/signal.ts';
import { elementType } from './hdf5-dtype.ts';
import { withHdf5, type Hdf5File } from './hdf5-open.ts';
import { openHdf5Pixels } from './hdf5-pixels.ts';
import { hdf5SignalTree } from './hdf5-signal-tree.ts';
import { childPath } from './hdf5-tree.ts';
import { describeDataset } from './hdf5-values.ts';
import { decodeKey } from './hspy-tree.ts';
import { experimentPaths } from './hspy.ts';
import { noLearningResults, putArray, putScalar, resultArrayOf, type LearningResults } from './learning-results.ts';
import type { SignalTree } from './signal-tree.ts';

/** A data set of any size as a result array; null when it holds no real numbers. */
export async function readResultArray(file: Hdf5File, dataset: string): Promise<ResultArray | null> {
  const type = describeDataset(file, dataset);
  const dtype = elementType(type);
  const shape = type.shape;
  if (!dtype || !shape) return null;
  if (elementCount(shape) === 0) return { dtype: 'float64', shape: [...shape], data: new Float64Array(0) };
  const layout = { kind: 'hdf5', path: file.path, dataset, storedShape: shape } as const;
  const signal: SignalHeader = {
    title: '',
    signalType: '',
    shape,
    dtype,
    axes: [],
    quantity: { name: '', units: null },
    metadata: {},
    originalMetadata: {},
    layout,
    warnings: [],
  };
  const source = await openHdf5Pixels(layout, signal);
  try {
    return resultArrayOf(
      source.read(
        shape.map(() => 0),
        shape,
      ),
      dtype,
      [...shape],
    );
  } finally {
    source.close();
  }
}

/** The group that holds the results of a signal: since version 1.1 `learning_results`, before `mva_results`. */
function learningGroup(source: SignalTree, experiment: string): string | null {
  const names = ['learning_results', 'mva_results', 'peak_learning_results'];
  const groups = names.map((name) => childPath(experiment, name)).filter((path) => source.kindOf(path) === 'group');
  return groups.find((path) => source.childNames(path).length > 0) ?? groups[0] ?? null;
}

/** Lists of numbers are arrays to us; mixed lists keep their numbers only when all of them are numbers. */
function readList(source: SignalTree, group: string): ResultArray | null {
  const values: number[] = [];
  for (const [name, value] of source.attributes(group, []))
    if (/^\d+$/.test(name) && typeof value === 'number') values[Number(name)] = value;
  if (values.length === 0 || values.length > 65_536 || values.includes(undefined as never)) return null;
  return resultArrayOf(Float64Array.from(values), values.every(Number.isInteger) ? 'int64' : 'float64', [
    values.length,
  ]);
}

/**
 * The learning results of one signal of a HyperSpy file, all versions; null when nothing was learned.
 * @param index of the signal, as `hspyReader` lists them
 * @throws EigenscopeError `not-found` (no such signal), and those of reading HDF5
 */
export function readHspyLearningResults(path: string, index = 0): Promise<LearningResults | null> {
  return withHdf5(path, async (file) => {
    const experiment = experimentPaths(file)[index];
    if (experiment === undefined) {
      throw new EigenscopeError('not-found', `${path} has no signal number ${index}.`, { path, signal: index });
    }
    return readLearningOf(hdf5SignalTree(file), experiment, (dataset) => readResultArray(file, dataset));
  });
}

/** The learning results of a signal in HyperSpy's layout, in any container; null when nothing was learned. */
export async function readLearningOf(
  source: SignalTree,
  experiment: string,
  readArray: (dataset: string) => Promise<ResultArray | null>,
): Promise<LearningResults | null> {
  const group = learningGroup(source, experiment);
  if (group === null) return null;
  const results = noLearningResults();
  for (const [name, value] of source.attributes(group, results.ignored)) {
    const { key, as } = decodeKey(name, false);
    if (as === 'empty') continue;
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
      putScalar(results, key, value as string | number | boolean | null);
    else results.ignored.push(key);
  }
  for (const name of source.childNames(group)) {
    const member = childPath(group, name);
    const kind = source.kindOf(member);
    const { key, as } = decodeKey(name, kind === 'group');
    if (kind === 'group' && as === 'list') putArray(results, key, readList(source, member));
    else if (kind !== 'dataset') results.ignored.push(key);
    else if (source.shapeOf(member)?.length === 0) putScalar(results, key, source.numbers(member)?.[0] ?? null);
    else putArray(results, key, await readArray(member));
  }
  const isEmpty = Object.keys(results.arrays).length === 0 && Object.keys(results.scalars).length === 0;
  return isEmpty ? null : results;
}
