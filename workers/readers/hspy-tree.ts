import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { Metadata, MetadataValue } from '../model/signal.ts';
import { childPath } from './hdf5-tree.ts';
import type { SignalTree } from './signal-tree.ts';

/** Longer arrays in metadata are named by their shape; they belong to arrays, not to a tree of text. */
const longestList = 65_536;
const deepest = 48;

interface Decoded {
  key: string;
  as: 'plain' | 'list' | 'empty' | 'signal';
}

/** What the prefix of a name says about its value (spec: names of groups, data sets and attributes of .hspy). */
export function decodeKey(name: string, isGroup: boolean): Decoded {
  const empty = /^_(?:list|tuple)_empty_(.*)$/s.exec(name);
  if (empty) return { key: empty[1]!, as: 'empty' };
  const counted = isGroup ? /^_(?:list|tuple)_\d+_(.*)$/s.exec(name) : null;
  if (counted) return { key: counted[1]!, as: 'list' };
  const list = /^_(?:list|tuple)_(.*)$/s.exec(name);
  if (list) return { key: list[1]!, as: isGroup ? 'list' : 'plain' };
  const signal = /^_sig_(.*)$/s.exec(name);
  if (signal && isGroup) return { key: signal[1]!, as: 'signal' };
  const other = /^_(?:bs|hspy_AxesManager)_(.+)$/s.exec(name) ?? /^_datetime_((?:date|time).*)$/s.exec(name);
  return { key: other ? other[1]! : name, as: 'plain' };
}

const twoDigits = (text: string): string => text.padStart(2, '0');

/** Dates and times were once kept as the text of a Python expression; they become ISO text. */
function decodeDate(text: string): string {
  const numbers = /^datetime\.(?:date|time)\(([\d, ]+)\)$/
    .exec(text)?.[1]
    ?.split(',')
    .map((part) => part.trim());
  if (!numbers) return text;
  if (text.startsWith('datetime.date')) return numbers.map(twoDigits).join('-');
  const [hours = '0', minutes = '0', seconds = '0', fraction] = numbers;
  const time = [hours, minutes, seconds].map(twoDigits).join(':');
  return fraction === undefined ? time : `${time}.${fraction.padStart(6, '0')}`;
}

/** A value as the file means it: the text "_None_" stands for nothing. */
function plain(value: MetadataValue): MetadataValue {
  if (value === '_None_') return null;
  return typeof value === 'string' && value.startsWith('datetime.') ? decodeDate(value) : value;
}

/** Members "0", "1", … "10" of a list in their numerical order. */
function orderedMembers(members: Metadata): MetadataValue[] {
  return Object.entries(members)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value);
}

function decodeDataset(source: SignalTree, path: string, warnings: string[]): MetadataValue {
  try {
    const shape = source.shapeOf(path);
    if (shape && elementCount(shape) > longestList) return `<array ${shape.join(' × ')}>`;
    return plain(source.value(path));
  } catch (thrown) {
    if (!(thrown instanceof EigenscopeError) || thrown.cause instanceof WebAssembly.RuntimeError) throw thrown;
    warnings.push(thrown.message);
    return null;
  }
}

/** A nested signal by what describes it; its pixels are not part of a metadata tree. */
function decodeNestedSignal(source: SignalTree, path: string, depth: number, warnings: string[]): Metadata {
  const names = source.childNames(path);
  const signal: Metadata = {};
  if (names.includes('data')) signal['shape'] = [...(source.shapeOf(childPath(path, 'data')) ?? [])];
  if (names.includes('metadata'))
    signal['metadata'] = decodeTree(source, childPath(path, 'metadata'), warnings, depth + 1);
  return signal;
}

/**
 * The tree of groups and attributes below `group` as JSON: prefixed names are decoded, text "_None_" is null,
 * lists are ordered numerically, nested signals are given by shape and metadata. Unreadable leaves are left out
 * with a warning.
 */
export function decodeTree(source: SignalTree, group: string, warnings: string[], depth = 0): Metadata {
  const tree: Metadata = {};
  if (depth > deepest) {
    warnings.push(`${group} is nested deeper than ${deepest} levels; what is below was left out.`);
    return tree;
  }
  for (const [name, value] of source.attributes(group, warnings)) {
    const { key, as } = decodeKey(name, false);
    set(tree, key, as === 'empty' ? [] : plain(value));
  }
  for (const name of source.childNames(group)) {
    const path = childPath(group, name);
    const kind = source.kindOf(path);
    const { key, as } = decodeKey(name, kind === 'group');
    if (kind === 'dataset') set(tree, key, decodeDataset(source, path, warnings));
    else if (kind === 'group' && as === 'signal') set(tree, key, decodeNestedSignal(source, path, depth, warnings));
    else if (kind === 'group') {
      const members = decodeTree(source, path, warnings, depth + 1);
      set(tree, key, as === 'list' ? orderedMembers(members) : members);
    }
  }
  return tree;
}

/** Names come from the file: `__proto__` must become a key like any other. */
function set(tree: Metadata, key: string, value: MetadataValue): void {
  Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
}
