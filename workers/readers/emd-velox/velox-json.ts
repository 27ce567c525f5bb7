import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { childNames, childPath, kindOf } from '../hdf5-tree.ts';
import { decodeText, describeDataset, readDatasetBytes, readDatasetValue } from '../hdf5-values.ts';

/* Velox keeps everything but the pixels as JSON: in texts, or in columns of bytes, one column for each frame. */

const longestJson = 16 * 2 ** 20;
const deepest = 64;
/** Texts that are looked up while following links between operations and displays. */
const mostTexts = 2048;

/** Nesting of brackets outside of texts. */
function depthOf(json: string): number {
  let depth = 0;
  let most = 0;
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i);
    if (c === 0x22) {
      for (i++; i < json.length && json.charCodeAt(i) !== 0x22; i++) if (json.charCodeAt(i) === 0x5c) i++;
    } else if (c === 0x7b || c === 0x5b) most = Math.max(most, ++depth);
    else if (c === 0x7d || c === 0x5d) depth--;
  }
  return most;
}

const isTree = (value: unknown): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A tree of JSON, or null when it is none (damaged, or nested deeper than anything that Velox writes). */
export function parseTree(json: string): Metadata | null {
  if (json.length > longestJson || depthOf(json) > deepest) return null;
  try {
    const value: unknown = JSON.parse(json);
    return isTree(value) ? value : null;
  } catch {
    return null;
  }
}

/** What stands at a path of names, or null. */
export function valueAt(tree: MetadataValue | null, ...names: string[]): MetadataValue {
  let value: MetadataValue = tree;
  for (const name of names) {
    if (!isTree(value) || !Object.hasOwn(value, name)) return null;
    value = value[name]!;
  }
  return value;
}

/** Text at a path of names, without spaces around it; null when there is none or it is empty. */
export function textAt(tree: MetadataValue | null, ...names: string[]): string | null {
  const value = valueAt(tree, ...names);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Number at a path of names: Velox writes most numbers as text. */
export function numberAt(tree: MetadataValue | null, ...names: string[]): number | null {
  const value = valueAt(tree, ...names);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Unreadable parts of metadata are left out, but a broken library is never used further. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof EigenscopeError) || thrown.cause instanceof WebAssembly.RuntimeError) throw thrown;
    return null;
  }
}

/** A data set with one JSON text, null when it is not there or not JSON. */
export function readJsonText(file: Hdf5File, path: string): Metadata | null {
  return orNull(() => {
    if (kindOf(file, path) !== 'dataset') return null;
    const { shape } = describeDataset(file, path);
    if (!shape || elementCount(shape) !== 1) return null;
    let value = readDatasetValue(file, path);
    while (Array.isArray(value)) value = value[0] ?? null;
    return typeof value === 'string' ? parseTree(value) : null;
  });
}

/** One column of a data set of bytes as JSON: the state at the first frame (0) or at the last (−1). */
export function readJsonColumn(file: Hdf5File, path: string, frame: 0 | -1): Metadata | null {
  return orNull(() => {
    if (kindOf(file, path) !== 'dataset') return null;
    const { shape, size } = describeDataset(file, path);
    const [rows = 0, columns = 1] = shape ?? [];
    if (!shape || shape.length > 2 || size !== 1 || rows === 0 || columns === 0 || rows > longestJson) return null;
    const start = shape.length === 2 ? [0, frame === 0 ? 0 : columns - 1] : [0];
    const bytes = readDatasetBytes(file, path, start, shape.length === 2 ? [rows, 1] : [rows]);
    return parseTree(decodeText(bytes));
  });
}

/** The JSON texts below a group of groups by their path: `/Operations/<kind>/<id>`. */
export function jsonTexts(file: Hdf5File, root: string): { path: string; kind: string; tree: Metadata }[] {
  const found: { path: string; kind: string; tree: Metadata }[] = [];
  if (kindOf(file, root) !== 'group') return found;
  for (const kind of childNames(file, root)) {
    const group = childPath(root, kind);
    if (kindOf(file, group) !== 'group') continue;
    for (const id of childNames(file, group)) {
      if (found.length >= mostTexts) return found;
      const path = childPath(group, id);
      const tree = readJsonText(file, path);
      if (tree !== null) found.push({ path, kind, tree });
    }
  }
  return found;
}
