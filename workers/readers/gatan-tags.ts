import type { EigenscopeError } from '../model/errors.ts';
import type { MetadataValue } from '../model/signal.ts';
import type { FileBytes } from './file-bytes.ts';
import { corrupt, decodeText, truncated } from './file-bytes.ts';

/** An array of numbers or structs in the file. Only text and short arrays of numbers are read while walking the tree. */
export interface TagArray {
  kind: 'array';
  /** type word of the elements; 15 for structs, 20 for arrays */
  element: number;
  /** position of the first byte in the file */
  offset: number;
  count: number;
  bytes: number;
  /** u16 arrays up to `longestText` elements, as UTF-16 up to the first NUL */
  text?: string;
  /** other arrays of numbers up to `longestValues` elements */
  values?: number[];
}

export type TagValue = number | string | boolean | number[] | TagArray;
export interface TagGroup {
  kind: 'group';
  /** in the order of the file; names may repeat; unnamed entries are named by their place */
  entries: { name: string; value: TagGroup | TagValue }[];
}

export interface TagFile {
  version: 3 | 4;
  littleEndian: boolean;
  root: TagGroup;
}

const groupEntry = 20;
const valueEntry = 21;
const deepest = 64;
const mostEntries = 500_000;
const mostTypeWords = 4096;
const longestText = 65_536;
const longestValues = 256;

/** Bytes of the simple types by their word. */
const simpleBytes: Readonly<Record<number, number>> = {
  2: 2,
  3: 4,
  4: 2,
  5: 4,
  6: 4,
  7: 8,
  8: 1,
  9: 1,
  10: 1,
  11: 8,
  12: 8,
};

type TypeNode =
  | { kind: 'simple'; word: number; bytes: number }
  | { kind: 'string'; bytes: number }
  | { kind: 'struct'; fields: TypeNode[]; bytes: number }
  | { kind: 'array'; element: TypeNode; count: number; bytes: number };

/** A number of 64 bits that does not fit a double exactly is rounded: tags are shown, not computed with. */
function simpleValue(view: DataView, at: number, word: number, littleEndian: boolean): number | boolean {
  switch (word) {
    case 2:
      return view.getInt16(at, littleEndian);
    case 3:
      return view.getInt32(at, littleEndian);
    case 4:
      return view.getUint16(at, littleEndian);
    case 5:
      return view.getUint32(at, littleEndian);
    case 6:
      return view.getFloat32(at, littleEndian);
    case 7:
      return view.getFloat64(at, littleEndian);
    case 8:
      return view.getUint8(at) !== 0;
    case 9:
      return view.getInt8(at);
    case 10:
      return view.getUint8(at);
    case 11:
      return Number(view.getBigInt64(at, littleEndian));
    default:
      return Number(view.getBigUint64(at, littleEndian));
  }
}

/**
 * Walks the tag tree of a DM3 or DM4 file. Every count is checked against what is left of the file before anything is
 * done with it, so that time and memory stay in proportion to the file's size.
 */
class TagWalker {
  #at: number;
  #entries = 0;
  readonly #file: FileBytes;
  readonly #version: 3 | 4;
  readonly #littleEndian: boolean;

  constructor(file: FileBytes, version: 3 | 4, littleEndian: boolean, start: number) {
    this.#file = file;
    this.#version = version;
    this.#littleEndian = littleEndian;
    this.#at = start;
  }

  #take(length: number): DataView {
    if (this.#at + length > this.#file.size) {
      throw truncated(this.#file.path, this.#at + length, this.#file.size, 'its tags say');
    }
    const view = this.#file.view(this.#at, length);
    this.#at += length;
    return view;
  }

  /** A structure word: u32 in DM3, u64 in DM4, always big-endian. */
  #word(): number {
    if (this.#version === 3) return this.#take(4).getUint32(0);
    const value = this.#take(8).getBigUint64(0);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw this.#damaged(`a count of ${value}`, 'a number below 2^53 was expected');
    return Number(value);
  }

  #damaged(found: string, expected: string): EigenscopeError {
    return corrupt(this.#file.path, `its tags have ${found} near byte ${this.#at}`, expected);
  }

  group(depth: number): TagGroup {
    if (depth > deepest) throw this.#damaged(`groups nested deeper than ${deepest}`, 'a flatter tree was expected');
    this.#take(2);
    const count = this.#word();
    const smallest = this.#version === 3 ? 3 : 11;
    if (count * smallest > this.#file.size - this.#at + smallest) {
      throw truncated(this.#file.path, this.#at + count * smallest, this.#file.size, `a group of ${count} tags needs`);
    }
    const group: TagGroup = { kind: 'group', entries: [] };
    for (let i = 0; i < count; i++) {
      const kind = this.#take(1).getUint8(0);
      if (kind === 0) break;
      if (kind !== groupEntry && kind !== valueEntry) {
        throw this.#damaged(`an entry of kind ${kind}`, '20 (group) or 21 (value) was expected');
      }
      if (++this.#entries > mostEntries) throw this.#damaged(`more than ${mostEntries} tags`, 'fewer were expected');
      const name = this.#name() || String(i);
      // bytes of the rest of the entry: not needed, since every entry also tells its own structure
      if (this.#version === 4) this.#take(8);
      group.entries.push({ name, value: kind === groupEntry ? this.group(depth + 1) : this.#value() });
    }
    return group;
  }

  #name(): string {
    const length = this.#take(2).getUint16(0);
    const view = this.#take(length);
    return decodeText(new Uint8Array(view.buffer, view.byteOffset, length));
  }

  #value(): TagValue {
    if (this.#take(4).getUint32(0) !== 0x25252525) throw this.#damaged('no “%%%%” before a value', 'it was expected');
    const count = this.#word();
    if (count < 1 || count > mostTypeWords) {
      throw this.#damaged(`a type of ${count} words`, `1 to ${mostTypeWords} were expected`);
    }
    const words: number[] = [];
    for (let i = 0; i < count; i++) words.push(this.#word());
    const [type, used] = this.#type(words, 0, 0);
    if (used > words.length) throw this.#damaged('a type that breaks off', 'more words were expected');
    return this.#payload(type);
  }

  /** Type that begins at word `i`, and the index of the word after it. */
  #type(words: readonly number[], i: number, depth: number): [TypeNode, number] {
    const word = words[i];
    if (word === undefined || depth > 8)
      throw this.#damaged('a type that breaks off or is nested too deep', 'a simpler one was expected');
    const bytes = simpleBytes[word];
    if (bytes !== undefined) return [{ kind: 'simple', word, bytes }, i + 1];
    if (word === 18) return [{ kind: 'string', bytes: words[i + 1] ?? 0 }, i + 2];
    if (word === 20) {
      const [element, next] = this.#type(words, i + 1, depth + 1);
      const count = words[next];
      if (count === undefined) throw this.#damaged('an array without a length', 'one was expected');
      const total = element.bytes * count;
      if (!Number.isSafeInteger(total)) throw this.#damaged(`an array of ${count} elements`, 'fewer were expected');
      return [{ kind: 'array', element, count, bytes: total }, next + 1];
    }
    if (word !== 15) {
      throw this.#damaged(`the unknown type ${word}`, 'one of the types of DigitalMicrograph was expected');
    }
    const fieldCount = words[i + 2];
    if (fieldCount === undefined || fieldCount > words.length)
      throw this.#damaged('a struct of too many fields', 'fewer were expected');
    const fields: TypeNode[] = [];
    let next = i + 3;
    let total = 0;
    for (let f = 0; f < fieldCount; f++) {
      const [field, after] = this.#type(words, next + 1, depth + 1);
      fields.push(field);
      total += field.bytes;
      next = after;
    }
    return [{ kind: 'struct', fields, bytes: total }, next];
  }

  #payload(type: TypeNode): TagValue {
    const start = this.#at;
    if (start + type.bytes > this.#file.size) {
      throw truncated(this.#file.path, start + type.bytes, this.#file.size, 'its tags say');
    }
    if (type.kind === 'array') return this.#array(type, start);
    if (type.kind === 'simple') return simpleValue(this.#take(type.bytes), 0, type.word, this.#littleEndian);
    if (type.kind === 'string') {
      if (type.bytes > longestText) {
        this.#at = start + type.bytes;
        return `(${type.bytes} characters)`;
      }
      const view = this.#take(type.bytes);
      return decodeText(new Uint8Array(view.buffer, view.byteOffset, type.bytes));
    }
    const plain = type.fields.every((field) => field.kind === 'simple');
    if (!plain || type.bytes > 8 * mostTypeWords) {
      this.#at = start + type.bytes;
      return { kind: 'array', element: 15, offset: start, count: 1, bytes: type.bytes };
    }
    const view = this.#take(type.bytes);
    const values: number[] = [];
    let at = 0;
    for (const field of type.fields) {
      if (field.kind === 'simple') values.push(Number(simpleValue(view, at, field.word, this.#littleEndian)));
      at += field.bytes;
    }
    return values;
  }

  #array(type: Extract<TypeNode, { kind: 'array' }>, start: number): TagArray {
    const { element, count, bytes } = type;
    const word = element.kind === 'simple' ? element.word : element.kind === 'struct' ? 15 : 20;
    const array: TagArray = { kind: 'array', element: word, offset: start, count, bytes };
    if (element.kind === 'simple' && word === 4 && count <= longestText) {
      const view = this.#file.view(start, bytes);
      const units: string[] = [];
      for (let i = 0; i < count; i++) {
        const unit = view.getUint16(2 * i, this.#littleEndian);
        if (unit === 0) break;
        units.push(String.fromCharCode(unit));
      }
      array.text = units.join('');
    } else if (element.kind === 'simple' && count <= longestValues) {
      const view = this.#file.view(start, bytes);
      array.values = Array.from({ length: count }, (_, i) =>
        Number(simpleValue(view, i * element.bytes, word, this.#littleEndian)),
      );
    }
    this.#at = start + bytes;
    return array;
  }
}

/** 3 or 4 when these bytes begin a Gatan DM file, else null. */
export function gatanVersion(head: Uint8Array): 3 | 4 | null {
  if (head.length < 16) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const version = view.getUint32(0);
  if (version === 3 && view.getUint32(8) <= 1) return 3;
  if (version === 4 && view.getUint32(12) <= 1) return 4;
  return null;
}

/**
 * Reads all tags of a DM3 or DM4 file but the contents of large arrays.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function readGatanTags(file: FileBytes): TagFile {
  const view = file.view(0, Math.min(16, file.size));
  const version = gatanVersion(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  if (version === null) {
    throw corrupt(file.path, 'its first 16 bytes are not those of a DM3 or DM4 file', 'version 3 or 4 was expected');
  }
  const littleEndian = view.getUint32(version === 3 ? 8 : 12) === 1;
  const root = new TagWalker(file, version, littleEndian, version === 3 ? 12 : 16).group(0);
  return { version, littleEndian, root };
}

/** The entry at a path of names, the first where names repeat. */
export function tagAt(group: TagGroup, ...path: readonly string[]): TagGroup | TagValue | null {
  let found: TagGroup | TagValue = group;
  for (const name of path) {
    if (!isGroup(found)) return null;
    const entry: TagGroup['entries'][number] | undefined = found.entries.find((e) => e.name === name);
    if (entry === undefined) return null;
    found = entry.value;
  }
  return found;
}

export const isGroup = (value: TagGroup | TagValue | null): value is TagGroup =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'group';

const isArray = (value: TagGroup | TagValue | null): value is TagArray =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === 'array';

export function groupAt(group: TagGroup, ...path: readonly string[]): TagGroup | null {
  const found = tagAt(group, ...path);
  return isGroup(found) ? found : null;
}

export function arrayAt(group: TagGroup, ...path: readonly string[]): TagArray | null {
  const found = tagAt(group, ...path);
  return isArray(found) ? found : null;
}

export function numberAt(group: TagGroup, ...path: readonly string[]): number | null {
  const found = tagAt(group, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** Text, whether it is a string, an array of UTF-16, or an array of Latin-1 bytes. */
export function textAt(group: TagGroup, ...path: readonly string[]): string | null {
  const found = tagAt(group, ...path);
  if (typeof found === 'string') return found;
  if (!isArray(found)) return null;
  if (found.text !== undefined) return found.text;
  if (found.count === 0) return '';
  const oneByte = found.element === 9 || found.element === 10;
  return oneByte && found.values ? decodeText(Uint8Array.from(found.values.filter((v) => v !== 0))) : null;
}

const elementNames: Readonly<Record<number, string>> = {
  2: 'int16',
  3: 'int32',
  4: 'uint16',
  5: 'uint32',
  6: 'float32',
  7: 'float64',
  8: 'bool',
  9: 'int8',
  10: 'uint8',
  11: 'int64',
  12: 'uint64',
  15: 'struct',
  20: 'array',
};

const finite = (value: number): MetadataValue => (Number.isFinite(value) ? value : String(value));

/** Tags as plain JSON: large arrays by type and length only; a group whose names are 0, 1, 2 … as a list. */
export function tagsToJson(value: TagGroup | TagValue): MetadataValue {
  if (typeof value === 'number') return finite(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(finite);
  if (value.kind === 'array') {
    if (value.text !== undefined) return value.text;
    if (value.values !== undefined) return value.values.map(finite);
    return `(${value.count} × ${elementNames[value.element] ?? 'unknown'})`;
  }
  const listed = value.entries.length > 0 && value.entries.every((entry, i) => entry.name === String(i));
  if (listed) return value.entries.map((entry) => tagsToJson(entry.value));
  return Object.fromEntries(value.entries.map((entry) => [entry.name, tagsToJson(entry.value)]));
}
