import type { Metadata, MetadataValue } from '../../model/signal.ts';
import { decodeText } from '../file-bytes.ts';

/** Long texts are the scripts of the program that measured; they are left out. */
const longestText = 2000;
const deepest = 16;
const mostItems = 100_000;

interface Parsed {
  items: Map<number, MetadataValue | Parsed>;
  names: Map<number, string>;
}

/**
 * A property set: items of one letter for the type, one byte of flags, a key and a value. Names of keys are items too and
 * hold for the set they are in and for the sets inside.
 */
function parse(view: DataView, start: number, end: number, depth: number, budget: { left: number }): Parsed {
  const set: Parsed = { items: new Map(), names: new Map() };
  for (let at = start; at + 4 <= end && budget.left-- > 0;) {
    const type = String.fromCharCode(view.getUint8(at));
    const isList = (view.getUint8(at + 1) & 0x80) !== 0;
    const key = view.getUint16(at + 2, true);
    at += 4;
    const fixed = { i: 4, q: 8, r: 4, t: 8, s: 2, '?': 1, c: 1 }[type];
    if (fixed !== undefined) {
      // lists are preceded by their length and are not kept
      if (isList) {
        if (at + 4 > end) break;
        at += 4 + fixed * view.getUint32(at, true);
        continue;
      }
      if (at + fixed > end) break;
      set.items.set(key, valueOf(view, type, at));
      at += fixed;
      continue;
    }
    if (!'upkb'.includes(type) || at + 4 > end) break;
    const length = view.getUint32(at, true);
    at += 4;
    if (length > end - at) break;
    if (type === 'p') {
      if (depth < deepest) set.items.set(key, parse(view, at, at + length, depth + 1, budget));
    } else if (type !== 'b') {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(length, longestText + 1));
      const text = decodeText(bytes).replace(/\0+$/, '');
      if (type === 'k') set.names.set(key, text);
      else if (length <= longestText) set.items.set(key, text);
    }
    at += length;
  }
  return set;
}

function valueOf(view: DataView, type: string, at: number): MetadataValue {
  if (type === 'i') return view.getInt32(at, true);
  if (type === 's') return view.getInt16(at, true);
  if (type === '?') return view.getUint8(at) !== 0;
  if (type === 'c') return view.getUint8(at);
  const number =
    type === 'q'
      ? view.getFloat64(at, true)
      : type === 'r'
        ? view.getFloat32(at, true)
        : Number(view.getBigUint64(at, true));
  return Number.isFinite(number) ? number : null;
}

function named(set: Parsed, outer: ReadonlyMap<number, string>): Metadata {
  const names = new Map([...outer, ...set.names]);
  const tree: Metadata = {};
  for (const [key, value] of set.items) {
    const isSet = value !== null && typeof value === 'object' && 'items' in value;
    // keys of the program itself have numbers only
    const name = names.get(key) ?? `key ${key}`;
    if (name === '__proto__') continue;
    tree[name] = isSet ? named(value as Parsed, names) : (value as MetadataValue);
  }
  return tree;
}

/** The tree of a block that begins with `PSET`; empty when it is none or breaks off. Never throws. */
export function parseProperties(view: DataView): Metadata {
  if (view.byteLength < 8 || view.getUint32(0, false) !== 0x50534554) return {};
  const end = Math.min(view.byteLength, 8 + view.getUint32(4, true));
  return named(parse(view, 8, end, 0, { left: mostItems }), new Map());
}

/** The first value under this name anywhere in a tree, widest first. */
export function findProperty(tree: Metadata, name: string): MetadataValue | undefined {
  let level: Metadata[] = [tree];
  while (level.length > 0) {
    const next: Metadata[] = [];
    for (const set of level) {
      if (Object.hasOwn(set, name)) return set[name];
      for (const value of Object.values(set)) {
        if (value !== null && typeof value === 'object' && !Array.isArray(value)) next.push(value);
      }
    }
    level = next;
  }
  return undefined;
}
