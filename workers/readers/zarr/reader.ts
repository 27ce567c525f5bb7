import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import type { ResultArray } from '../../model/result.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import { withFile } from '../file-bytes.ts';
import { describeExperiment, experimentsOf, readExperiments } from '../hspy-experiment.ts';
import { resultArrayOf, type LearningResults } from '../learning-results.ts';
import { readLearningOf } from '../learning-results-hspy.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { readZipDirectory } from '../zip-directory.ts';
import { layoutOfArray, readDatasets } from './datasets.ts';
import { keyOfPath } from './keys.ts';
import { openZarrStore } from './open-store.ts';
import { documentNames, type ZarrStore } from './store.ts';
import { zarrTree, type ZarrTree } from './tree.ts';
import { readElements } from './values.ts';

const isDocumentName = (name: string): boolean =>
  (documentNames as readonly string[]).includes(name.slice(name.lastIndexOf('/') + 1));

/** Whether a zip holds a Zarr store: by its first name, which is nearly always a document, else by all names. */
function isZippedZarr(head: Uint8Array, path: string): boolean {
  if (head[0] !== 0x50 || head[1] !== 0x4b || (head[2] !== 3 && head[2] !== 5)) return false;
  const length = head.length >= 30 ? head[26]! | (head[27]! << 8) : 0;
  if (isDocumentName(new TextDecoder().decode(head.subarray(30, 30 + length)))) return true;
  try {
    return withFile(path, (file) => readZipDirectory(file).some(({ name }) => isDocumentName(name)));
  } catch {
    return false;
  }
}

const isZarrFolder = (path: string): boolean => documentNames.some((name) => existsSync(join(path, name)));

function readSignal(store: ZarrStore, tree: ZarrTree, experiment: string): SignalHeader {
  const warnings: string[] = [];
  const array = tree.array(keyOfPath(`${experiment}/data`)!);
  if (array.type.kind !== 'number') {
    throw new EigenscopeError(
      'unsupported-format',
      `${store.path}: the signal ${experiment} has no plain array of numbers (ragged or text data).`,
      { path: store.path },
    );
  }
  return {
    ...describeExperiment(tree, experiment, array.shape, warnings),
    shape: array.shape,
    dtype: array.type.dtype,
    layout: layoutOfArray(store, array),
    warnings,
  };
}

function withStore<T>(path: string, use: (store: ZarrStore, tree: ZarrTree) => Promise<T>): Promise<T> {
  const store = openZarrStore(path);
  return use(store, zarrTree(store)).finally(() => store.close());
}

async function readHeader(store: ZarrStore, tree: ZarrTree, hints: ReadHints): Promise<FileHeader> {
  if (tree.node('') === null) {
    throw new EigenscopeError(
      'unsupported-format',
      `${store.path} holds no Zarr data (no .zgroup, .zarray or zarr.json at its top). Open the folder that holds these.`,
      { path: store.path },
    );
  }
  const experiments = hints.dataset === undefined ? experimentsOf(tree) : [];
  if (experiments.length === 0) return readDatasets(store, tree, hints);
  return { format: 'zspy', signals: await readExperiments(experiments, (one) => readSignal(store, tree, one)) };
}

/** Zarr, versions 2 and 3, in a folder or a zip: HyperSpy's signals (.zspy), OME-Zarr pictures, or plain arrays. */
export const zspyReader: Reader = {
  id: 'zspy',
  title: 'HyperSpy and others (Zarr)',
  extensions: ['zspy', 'zarr'],
  folders: true,
  probe(head, path) {
    if (head.length > 0) return isZippedZarr(head, path) ? 0.9 : 0;
    return isZarrFolder(path) ? 0.9 : 0;
  },
  header: (path, hints) => withStore(path, (store, tree) => readHeader(store, tree, hints)),
};

/**
 * The learning results of one signal of a HyperSpy store; null when nothing was learned.
 * @param index of the signal, as `zspyReader` lists them
 */
export function readZspyLearningResults(path: string, index = 0): Promise<LearningResults | null> {
  return withStore(path, async (store, tree) => {
    const experiment = experimentsOf(tree)[index];
    if (experiment === undefined)
      throw new EigenscopeError('not-found', `${path} has no signal number ${index}.`, { path, signal: index });
    return readLearningOf(tree, experiment, async (dataset): Promise<ResultArray | null> => {
      const array = tree.array(keyOfPath(dataset)!);
      const found = readElements(store, array);
      return found && resultArrayOf(found.elements, found.dtype, array.shape);
    });
  });
}
