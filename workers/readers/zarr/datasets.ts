import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { datasetSignal } from '../dataset-signal.ts';
import { applyHints, calibrationOf } from '../hdf5-axes.ts';
import { arrangeByHints } from '../hints.ts';
import type { ReadHints } from '../reader.ts';
import type { ZarrArray } from './array-metadata.ts';
import { keyBelow, keyOfPath } from './keys.ts';
import { omeImages, type OmeImage } from './ome.ts';
import { checkPlausible } from './plausible.ts';
import type { ZarrStore } from './store.ts';
import type { ZarrTree } from './tree.ts';

const deepest = 32;
const mostCoordinates = 2 ** 20;

/** The layout of the pixels of an array of numbers, after the checks that nothing impossible was declared. */
export function layoutOfArray(store: ZarrStore, array: ZarrArray): SignalHeader['layout'] & { kind: 'coded' } {
  if (array.type.kind !== 'number') throw new Error(`${array.key} holds no numbers`);
  checkedBytes(`${store.path}/${array.key}`, array.shape, array.type.dtype);
  checkPlausible(store, array);
  return {
    kind: 'coded',
    codec: 'zarr',
    path: store.path,
    stamp: store.stamp(array.key),
    about: { array: array.key },
  };
}

interface Found {
  arrays: string[];
  images: Map<string, OmeImage>;
  smaller: Set<string>;
}

/** All arrays below a group, and which of them are pictures of OME-Zarr. */
function findArrays(tree: ZarrTree): Found {
  const found: Found = { arrays: [], images: new Map(), smaller: new Set() };
  const visit = (key: string, depth: number): void => {
    const node = tree.node(key);
    if (node?.kind === 'array') {
      found.arrays.push(key);
      return;
    }
    if (node === null || depth > deepest) return;
    for (const image of omeImages(key, node.attributes)) {
      found.images.set(image.key, image);
      for (const smaller of image.smaller) found.smaller.add(smaller);
    }
    for (const below of tree.childKeys(key)) visit(below, depth + 1);
  };
  visit('', 0);
  return found;
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
const groupOf = (key: string): string => (key.includes('/') ? key.slice(0, key.lastIndexOf('/')) : '');

/** Coordinates of a named dimension: an array of its name beside the data, as xarray writes them. */
function coordinatesOf(
  tree: ZarrTree,
  array: ZarrArray,
  name: string,
  size: number,
): (Pick<Axis, 'scale' | 'offset' | 'values'> & { units: string | null }) | null {
  const key = keyOfPath(keyBelow(groupOf(array.key), name));
  if (key === null || key === array.key || tree.node(key)?.kind !== 'array') return null;
  try {
    const coordinates = tree.array(key);
    if (coordinates.shape.length !== 1 || coordinates.shape[0] !== size || size > mostCoordinates) return null;
    const values = tree.numbers(key);
    const units = coordinates.attributes['units'];
    const found = values && calibrationOf(values, size);
    return found && { ...found, units: typeof units === 'string' && units !== '' ? units : null };
  } catch (thrown) {
    if (thrown instanceof EigenscopeError) return null;
    throw thrown;
  }
}

function axesOf(tree: ZarrTree, array: ZarrArray, image: OmeImage | undefined): Axis[] {
  const { shape, dimensionNames } = array;
  const declared = image?.axes(shape);
  if (declared) return declared;
  const plain = arrangeByHints(array.key, shape, {}).axes;
  return plain.map((axis, i) => {
    const name = dimensionNames?.[i];
    if (name === null || name === undefined) return axis;
    return { ...axis, name, ...coordinatesOf(tree, array, name, axis.size) };
  });
}

function readArray(
  store: ZarrStore,
  tree: ZarrTree,
  key: string,
  image: OmeImage | undefined,
  hints: ReadHints,
): SignalHeader {
  const array = tree.array(key);
  if (array.type.kind !== 'number') {
    throw new EigenscopeError('unsupported-format', `${store.path}: the array /${key} holds text, not numbers.`, {
      path: store.path,
    });
  }
  const layout = layoutOfArray(store, array);
  const title = image?.title || nameOf(key) || basename(store.path).replace(/\.[^.]+$/, '');
  const hinted = applyHints(title, axesOf(tree, array, image), layout, hints);
  const { units, long_name: longName } = array.attributes;
  const original: Metadata = { ...(tree.node('')?.kind === 'group' ? tree.node('')!.attributes : {}) };
  if (Object.keys(array.attributes).length > 0) original[`/${key}`] = array.attributes;
  return datasetSignal(title, array.type.dtype, hinted, { units, longName }, original, []);
}

/** A dimension's own coordinates are not data, unless nothing else is there. */
const isCoordinate = (tree: ZarrTree, key: string): boolean => {
  const array = tree.array(key);
  return array.shape.length === 1 && array.dimensionNames?.[0] === nameOf(key);
};

/**
 * The arrays of any Zarr store as signals: pictures of OME-Zarr in full resolution with their axes, else every array of
 * at least one axis; the one that was asked for alone.
 * @throws EigenscopeError `not-found`, `unsupported-format`, `corrupt-file`, `truncated-file`
 */
export function readDatasets(store: ZarrStore, tree: ZarrTree, hints: ReadHints): FileHeader {
  const { arrays, images, smaller } = findArrays(tree);
  if (hints.dataset !== undefined) {
    const key = keyOfPath(hints.dataset);
    if (key === null || tree.node(key)?.kind !== 'array') {
      const offered = arrays.slice(0, 8).map((one) => `/${one}`);
      throw new EigenscopeError(
        'not-found',
        `${store.path} has no array “${hints.dataset}”. It has ${offered.length > 0 ? offered.join(', ') : 'no arrays at all'}.`,
        { path: store.path, dataset: hints.dataset },
      );
    }
    return { format: 'zarr', signals: [readArray(store, tree, key, images.get(key), hints)] };
  }
  const signals: SignalHeader[] = [];
  const left: string[] = [];
  let refusal: EigenscopeError | null = null;
  for (const key of arrays.toSorted((a, b) => Number(images.has(b)) - Number(images.has(a)))) {
    try {
      const { shape } = tree.array(key);
      if (smaller.has(key) || shape.length === 0 || elementCount(shape) <= 1 || isCoordinate(tree, key)) continue;
      signals.push(readArray(store, tree, key, images.get(key), signals.length === 0 ? hints : {}));
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError) || thrown.code !== 'unsupported-format') throw thrown;
      refusal ??= thrown;
      left.push(`/${key}`);
    }
  }
  const [first, ...more] = signals;
  if (first === undefined) {
    if (refusal) throw refusal;
    throw new EigenscopeError(
      'unsupported-format',
      `${store.path} holds no array of numbers with at least two values. Check that all of its folder was copied.`,
      { path: store.path },
    );
  }
  const note = `Left out: ${left.slice(0, 12).join(', ')}${left.length > 12 ? ', …' : ''}. ${refusal?.message ?? ''}`;
  return { format: 'zarr', signals: refusal ? [{ ...first, warnings: [...first.warnings, note] }, ...more] : signals };
}
