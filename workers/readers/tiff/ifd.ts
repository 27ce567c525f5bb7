import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText } from '../file-bytes.ts';

/**
 * The directories of a TIFF file (TIFF 6.0, section 2; BigTIFF). A directory is a list of tags; values of up to 4 (8)
 * bytes are inside their entry, longer ones anywhere in the file, so an entry keeps where its value begins.
 */
export interface Entry {
  tag: number;
  type: number;
  count: number;
  /** byte at which the value begins, wherever that is */
  at: number;
}

export interface Directory {
  /** byte at which it begins: its name in this file */
  offset: number;
  entries: ReadonlyMap<number, Entry>;
  /** offset of the following directory, 0 at the end of the chain */
  next: number;
}

/** An open TIFF file: its byte order, and whether offsets take 8 bytes. */
export interface TiffFile {
  file: FileBytes;
  littleEndian: boolean;
  big: boolean;
  first: number;
  /** like `file.view`, but reads little at a time: directories may lie between pages of megabytes */
  view(position: number, length: number): DataView;
}

/** Bytes of one value by type code; 0 = no such type. */
const typeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const nearBytes = 2048;
/** Real directories have some twenty entries, those with camera settings a hundred. */
const mostEntries = 4096;

function smallViews(file: FileBytes): TiffFile['view'] {
  let window = new Uint8Array(0);
  let start = 0;
  return (position, length) => {
    if (!(position >= start && position + length <= start + window.length)) {
      const within = position >= 0 && position < file.size;
      const fresh = new Uint8Array(Math.max(length, within ? Math.min(nearBytes, file.size - position) : 0));
      file.readInto(fresh, position);
      window = fresh;
      start = position;
    }
    return new DataView(window.buffer, position - start, length);
  };
}

/** A safe number from 8 bytes; what is beyond 2^53 becomes beyond every file. */
const number64 = (view: DataView, at: number, littleEndian: boolean): number =>
  Number(view.getBigUint64(at, littleEndian));

/** @throws EigenscopeError `corrupt-file` when it does not begin like a TIFF; `truncated-file` when it ends at once */
export function openTiff(file: FileBytes): TiffFile {
  const view = smallViews(file);
  const head = view(0, 8);
  const mark = head.getUint16(0, false);
  const littleEndian = mark === 0x4949;
  const version = head.getUint16(2, littleEndian);
  if ((mark !== 0x4949 && mark !== 0x4d4d) || (version !== 42 && version !== 43)) {
    throw corrupt(file.path, 'it does not begin like a TIFF', '“II*” or “MM*” was expected');
  }
  const big = version === 43;
  const first = big ? number64(view(8, 8), 0, littleEndian) : head.getUint32(4, littleEndian);
  return { file, littleEndian, big, first, view };
}

/**
 * One directory.
 * @throws EigenscopeError `truncated-file` when it leaves the file; `corrupt-file` when it has no or too many entries
 */
export function readDirectory(tiff: TiffFile, offset: number): Directory {
  const { littleEndian, big, file } = tiff;
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const pointerBytes = big ? 8 : 4;
  const head = tiff.view(offset, countBytes);
  const count = big ? number64(head, 0, littleEndian) : head.getUint16(0, littleEndian);
  if (!(count >= 1 && count <= mostEntries)) {
    throw corrupt(file.path, `a directory of its pages has ${count} entries`, `1 to ${mostEntries} were expected`);
  }
  const start = offset + countBytes;
  const view = tiff.view(start, count * entryBytes);
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = i * entryBytes;
    const tag = view.getUint16(at, littleEndian);
    const type = view.getUint16(at + 2, littleEndian);
    const number = big ? number64(view, at + 4, littleEndian) : view.getUint32(at + 4, littleEndian);
    const bytes = number * (typeSizes[type] ?? 0);
    const inside = at + (big ? 12 : 8);
    if (bytes === 0 || entries.has(tag)) continue;
    const far = bytes > pointerBytes;
    const place = far
      ? big
        ? number64(view, inside, littleEndian)
        : view.getUint32(inside, littleEndian)
      : start + inside;
    entries.set(tag, { tag, type, count: number, at: place });
  }
  // a file cut off right after its last directory has no pointer to the next one
  const after = start + count * entryBytes;
  let next = 0;
  if (after + pointerBytes <= file.size) {
    const tail = tiff.view(after, pointerBytes);
    next = big ? number64(tail, 0, littleEndian) : tail.getUint32(0, littleEndian);
  }
  return { offset, entries, next };
}

/**
 * The directories of the chain in order. A chain that breaks off or turns back on itself ends there, with a warning;
 * directories that take more bytes than the file has must overlap and are refused.
 */
export function* walkDirectories(tiff: TiffFile, warnings: string[]): Generator<Directory> {
  const seen = new Set<number>();
  let bytes = 0;
  for (let offset = tiff.first; offset !== 0;) {
    if (seen.has(offset)) {
      warnings.push(`The list of pages turns back on itself after ${seen.size}; only these are read.`);
      return;
    }
    let directory: Directory;
    try {
      directory = readDirectory(tiff, offset);
    } catch (error) {
      if (seen.size === 0) throw error;
      warnings.push(`The list of pages breaks off after ${seen.size}; only these are read.`);
      return;
    }
    seen.add(offset);
    bytes += directory.entries.size * (tiff.big ? 20 : 12);
    if (bytes > tiff.file.size) {
      throw corrupt(tiff.file.path, 'its directories take more room than the whole file', 'each has its own place');
    }
    yield directory;
    offset = directory.next;
  }
}

/** Bytes of the value of an entry. @throws EigenscopeError `truncated-file`, or `corrupt-file` when it is longer than `most` */
export function entryBytes(tiff: TiffFile, entry: Entry, most = 64 * 2 ** 20): Uint8Array {
  const length = entry.count * (typeSizes[entry.type] ?? 0);
  if (length > most) {
    throw corrupt(tiff.file.path, `tag ${entry.tag} takes ${length} bytes`, `at most ${most} were expected`);
  }
  const bytes = new Uint8Array(length);
  tiff.file.readInto(bytes, entry.at);
  return bytes;
}

/**
 * Numbers of an entry (rationals divided), at most `most` of them.
 * @throws EigenscopeError `truncated-file` when they leave the file
 */
export function entryNumbers(tiff: TiffFile, entry: Entry, most = entry.count): number[] {
  const count = Math.min(entry.count, most);
  const size = typeSizes[entry.type] ?? 0;
  const le = tiff.littleEndian;
  if (count * size > tiff.file.size) {
    throw corrupt(tiff.file.path, `tag ${entry.tag} lists ${count} numbers`, 'the file has no room for them');
  }
  const view = count * size <= nearBytes ? tiff.view(entry.at, count * size) : wideView(tiff, entry.at, count * size);
  const get = readerOf(entry.type, view, le);
  const out = new Array<number>(count);
  for (let i = 0; i < count; i++) out[i] = get(i * size);
  return out;
}

function wideView(tiff: TiffFile, at: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  tiff.file.readInto(bytes, at);
  return new DataView(bytes.buffer);
}

function readerOf(type: number, view: DataView, le: boolean): (at: number) => number {
  switch (type) {
    case 3:
      return (at) => view.getUint16(at, le);
    case 4:
    case 13:
      return (at) => view.getUint32(at, le);
    case 5:
      return (at) => view.getUint32(at, le) / view.getUint32(at + 4, le);
    case 6:
      return (at) => view.getInt8(at);
    case 8:
      return (at) => view.getInt16(at, le);
    case 9:
      return (at) => view.getInt32(at, le);
    case 10:
      return (at) => view.getInt32(at, le) / view.getInt32(at + 4, le);
    case 11:
      return (at) => view.getFloat32(at, le);
    case 12:
      return (at) => view.getFloat64(at, le);
    case 16:
    case 18:
      return (at) => number64(view, at, le);
    case 17:
      return (at) => Number(view.getBigInt64(at, le));
    default:
      return (at) => view.getUint8(at);
  }
}

/** The first number of a tag, or undefined when the tag is not there. */
export function numberAt(tiff: TiffFile, directory: Directory, tag: number): number | undefined {
  const entry = directory.entries.get(tag);
  return entry === undefined ? undefined : entryNumbers(tiff, entry, 1)[0];
}

/** Text of a tag up to its first NUL, or undefined when the tag is not there or can not be read. */
export function textOf(tiff: TiffFile, directory: Directory, tag: number, most = 64 * 2 ** 20): string | undefined {
  const entry = directory.entries.get(tag);
  if (entry === undefined || entry.count > most || entry.at + entry.count > tiff.file.size) return undefined;
  if (entry.type !== 2 && entry.type !== 1 && entry.type !== 7) return undefined;
  const bytes = entryBytes(tiff, entry, most);
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end)).trim();
}
