import { EigenscopeError } from '../../model/errors.ts';
import type { MetadataValue } from '../../model/signal.ts';
import type { SignalTree } from '../signal-tree.ts';
import { arrayOf, nodeAt, type ZarrArray, type ZarrNode } from './array-metadata.ts';
import { keyBelow, keyOfPath } from './keys.ts';
import { documentNames, type ZarrStore } from './store.ts';
import { readNumbers, readValue } from './values.ts';

/** Groups and arrays of a store; every document is read once. */
export interface ZarrTree extends SignalTree {
  node(key: string): ZarrNode | null;
  /** @throws EigenscopeError `corrupt-file`, `unsupported-format` */
  array(key: string): ZarrArray;
  /** keys of groups and arrays below a group */
  childKeys(key: string): string[];
}

const mostNodes = 100_000;

/** @throws EigenscopeError `corrupt-file` when more than 100 000 groups and arrays are looked at */
export function zarrTree(store: ZarrStore): ZarrTree {
  const nodes = new Map<string, ZarrNode | null>();
  const node = (key: string): ZarrNode | null => {
    const found = nodes.get(key);
    if (found !== undefined) return found;
    const read = nodeAt(store, key);
    nodes.set(key, read);
    if (nodes.size > mostNodes) {
      throw new EigenscopeError('corrupt-file', `${store.path} holds more than ${mostNodes} groups and arrays.`, {
        path: store.path,
      });
    }
    return read;
  };
  const array = (key: string): ZarrArray => {
    const at = node(key);
    const found = at && arrayOf(store, key, at);
    if (found) return found;
    throw new EigenscopeError('not-found', `${store.path} has no array /${key}.`, { path: store.path, dataset: key });
  };
  const keyAt = (path: string): string => keyOfPath(path) ?? '\0';
  const isDocument = (name: string): boolean =>
    (documentNames as readonly string[]).includes(name) || name === '.zmetadata';
  const childKeys = (key: string): string[] =>
    node(key)?.kind === 'group'
      ? store
          .children(key)
          .filter((name) => !isDocument(name))
          .map((name) => keyBelow(key, name))
          .filter((below) => node(below) !== null)
      : [];

  return {
    path: store.path,
    node,
    array,
    childKeys,
    childNames: (group) => {
      const key = keyAt(group);
      return childKeys(key).map((below) => below.slice(key === '' ? 0 : key.length + 1));
    },
    kindOf(path) {
      const kind = node(keyAt(path))?.kind;
      return kind === 'array' ? 'dataset' : (kind ?? 'other');
    },
    attributes: (path) => new Map<string, MetadataValue>(Object.entries(node(keyAt(path))?.attributes ?? {})),
    shapeOf: (dataset) => array(keyAt(dataset)).shape,
    value: (dataset) => readValue(store, array(keyAt(dataset))),
    numbers: (dataset) => readNumbers(store, array(keyAt(dataset))),
  };
}
