import type { Metadata, MetadataValue } from '../../workers/model/signal.ts';
import {
  boolean,
  dataset,
  float,
  group,
  integer,
  text,
  type AttributeValue,
  type GroupNode,
  type Hdf5Node,
} from './hdf5-writer/tree.ts';

/** What HyperSpy writes where there is nothing. */
export const nothing = '_None_';

/** Names of groups cannot hold a slash; a lone dot means the group itself. */
export const safeName = (name: string): string => {
  const clean = name.replaceAll('/', '-').replaceAll('\0', '');
  return clean === '' || clean === '.' || clean === '..' ? `_${clean}` : clean;
};

/** A number by what it is: whole ones are integers. */
const number = (value: number): AttributeValue =>
  Number.isSafeInteger(value) && !Object.is(value, -0) ? integer(value) : float(value);

function numbers(values: readonly number[]): Hdf5Node {
  return values.every((value) => Number.isSafeInteger(value))
    ? dataset('int64', [values.length], BigInt64Array.from(values, BigInt))
    : dataset('float64', [values.length], Float64Array.from(values));
}

/** The values when all of them are of one kind. */
function allOf<T extends MetadataValue>(
  values: readonly MetadataValue[],
  is: (value: MetadataValue) => value is T,
): T[] | null {
  const found = values.filter(is);
  return found.length === values.length ? found : null;
}

/** A list: of numbers, of truth values or of texts as one data set, of anything else as a group of numbered members. */
function putList(at: GroupNode, key: string, values: readonly MetadataValue[]): void {
  if (values.length === 0) {
    at.attributes.set(`_list_empty_${key}`, text(nothing));
    return;
  }
  const counts = allOf(values, (value) => typeof value === 'number');
  const truths = allOf(values, (value) => typeof value === 'boolean');
  const texts = allOf(values, (value) => typeof value === 'string');
  if (counts) at.children.set(`_list_${key}`, numbers(counts));
  else if (truths) at.children.set(`_list_${key}`, dataset('bool', [truths.length], Uint8Array.from(truths, Number)));
  else if (texts) at.children.set(`_list_${key}`, { kind: 'texts', values: texts });
  else {
    const members = group();
    values.forEach((value, i) => putValue(members, String(i), value));
    at.children.set(`_list_${values.length}_${key}`, members);
  }
}

/** Puts one value of a metadata tree in its place: nothing, text, number, truth value, list or sub-tree. */
export function putValue(at: GroupNode, name: string, value: MetadataValue): void {
  const key = safeName(name);
  if (value === null) at.attributes.set(key, text(nothing));
  else if (typeof value === 'string') at.attributes.set(key, text(value));
  else if (typeof value === 'boolean') at.attributes.set(key, boolean(value));
  else if (typeof value === 'number') at.attributes.set(key, number(value));
  else if (Array.isArray(value)) putList(at, key, value);
  else at.children.set(key, metadataGroup(value));
}

/** A metadata tree as a group of attributes, data sets and groups, by HyperSpy's rules for names. */
export function metadataGroup(tree: Metadata): GroupNode {
  const node = group();
  for (const [name, value] of Object.entries(tree)) putValue(node, name, value);
  return node;
}
