import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';

/** An entry of a JEOL tag tree. Its value may have entries of its own beside it. */
export interface Tag {
  name: string;
  type: number;
  /** where the value is in the file */
  offset: number;
  length: number;
  /** null for types that are not known and for data, which stay in the file */
  value: MetadataValue;
  children: readonly Tag[];
}

const deepest = 32;
const mostTags = 200_000;
const longestName = 4096;
/** Longer values are data. */
const longestValue = 64 * 1024;

/** Japanese programs write Japanese names. */
const decodeName = (bytes: Uint8Array): string => new TextDecoder('shift_jis').decode(bytes).replace(/\0+$/, '');

const numbers: Readonly<Record<number, { size: number; read: (view: DataView, at: number) => number }>> = {
  2: { size: 2, read: (view, at) => view.getInt16(at, true) },
  3: { size: 4, read: (view, at) => view.getInt32(at, true) },
  4: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  5: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  7: { size: 2, read: (view, at) => view.getInt16(at, true) },
  8: { size: 4, read: (view, at) => view.getInt32(at, true) },
  9: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  10: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  14: { size: 2, read: (view, at) => view.getInt16(at, true) },
};
/** These are lists even when they hold one number. */
const lists = new Set([7, 8, 9, 10]);

function valueOf(view: DataView, type: number): MetadataValue {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (type === 11) return bytes.length === 1 ? bytes[0] !== 0 : null;
  if (type === 12) return decodeName(bytes);
  if (type === 13) return decodeName(bytes).split('\0');
  const number = numbers[type];
  if (number === undefined || view.byteLength === 0 || view.byteLength % number.size !== 0) return null;
  const values: (number | null)[] = [];
  for (let at = 0; at < view.byteLength; at += number.size) {
    const value = number.read(view, at);
    values.push(Number.isFinite(value) ? value : null);
  }
  return values.length === 1 && !lists.has(type) ? values[0]! : values;
}

/**
 * Reads the tree of tags that begins at `start`. A tag is its name (u32 length and text), u16 type, u16 that is not
 * needed, u32 length, value; then byte 1 before every entry of its own and byte 255 at its end.
 * @throws EigenscopeError `corrupt-file` when it does not keep to that or is deeper or larger than any real one;
 * `truncated-file`
 */
export function readTags(file: FileBytes, start: number): Tag {
  let count = 0;
  let at = start;
  const refuse = (found: string): never => {
    // what was found may be a name as long as the file
    const told = found.length > 80 ? `${found.slice(0, 80)}…` : found;
    throw corrupt(file.path, `its tags break off at byte ${at} (${told})`, 'a list of settings was expected');
  };
  const u32 = (position: number): number => file.view(position, 4).getUint32(0, true);
  const readTag = (depth: number): Tag => {
    if (++count > mostTags || depth > deepest) refuse('too many or too deep');
    const nameLength = u32(at);
    if (nameLength > longestName) refuse(`a name of ${nameLength} bytes`);
    const nameView = file.view(at + 4, nameLength);
    const name = decodeName(new Uint8Array(nameView.buffer, nameView.byteOffset, nameLength));
    const head = file.view(at + 4 + nameLength, 8);
    const type = head.getUint16(0, true);
    const length = head.getUint32(4, true);
    const offset = at + 12 + nameLength;
    if (offset + length > file.size) refuse(`${name} has ${length} bytes`);
    const value = length > 0 && length <= longestValue ? valueOf(file.view(offset, length), type) : null;
    at = offset + length;
    const children: Tag[] = [];
    // the last byte of a tree may be missing
    for (;;) {
      const mark = at < file.size ? file.view(at, 1).getUint8(0) : 0xff;
      at += 1;
      if (mark === 0xff) break;
      if (mark !== 1) refuse(`a mark of ${mark}`);
      children.push(readTag(depth + 1));
    }
    return { name, type, offset, length, value, children };
  };
  return readTag(0);
}

/** The tag that a path of names leads to. */
export function tagAt(tag: Tag | undefined, ...names: readonly string[]): Tag | undefined {
  let found = tag;
  for (const name of names) found = found?.children.find((child) => child.name === name);
  return found;
}

export function numberAt(tag: Tag | undefined, ...names: readonly string[]): number | null {
  const value = tagAt(tag, ...names)?.value;
  return typeof value === 'number' ? value : null;
}

export function textAt(tag: Tag | undefined, ...names: readonly string[]): string | null {
  const value = tagAt(tag, ...names)?.value;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A tree as plain JSON; the own value of a tag that has entries too is called “value”. */
export function plainTags(tag: Tag): Metadata {
  const entries = tag.children.map((child): [string, MetadataValue] => {
    if (child.children.length === 0) return [child.name, child.length === 0 && child.type === 0 ? {} : child.value];
    const inner = plainTags(child);
    return [child.name, child.value === null ? inner : { value: child.value, ...inner }];
  });
  return Object.fromEntries(entries);
}
