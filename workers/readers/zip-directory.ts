import { EigenscopeError } from '../model/errors.ts';
import type { FileBytes } from './file-bytes.ts';
import { corrupt, decodeText, truncated } from './file-bytes.ts';

/** One member of a zip as its central directory tells; nothing of it has been read yet. */
export interface ZipMember {
  name: string;
  /** 0 stored, 8 deflated */
  method: number;
  encrypted: boolean;
  crc32: number;
  compressedSize: number;
  size: number;
  headerOffset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 65_535;

const big = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** Looks back from the end for the record that closes a zip. */
function findEnd(file: FileBytes): { position: number; view: DataView } {
  const length = Math.min(file.size, endBytes + longestComment);
  const tail = new Uint8Array(length);
  file.readInto(tail, file.size - length);
  const view = new DataView(tail.buffer);
  for (let at = length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) === endSignature && at + endBytes + view.getUint16(at + 20, true) <= length) {
      return { position: file.size - length + at, view: new DataView(tail.buffer, at, endBytes) };
    }
  }
  throw new EigenscopeError(
    'truncated-file',
    `${file.name} is a zip without its list of contents, which stands at the end: it was cut short at ${file.size} bytes. Copy it anew.`,
    { path: file.path, found: file.size },
  );
}

function directoryOf(file: FileBytes): { count: number; size: number; offset: number } {
  const { position, view } = findEnd(file);
  const plain = { count: view.getUint16(10, true), size: view.getUint32(12, true), offset: view.getUint32(16, true) };
  if (plain.count < 0xffff && plain.size < 0xffffffff && plain.offset < 0xffffffff) return plain;
  const locatorAt = position - 20;
  if (locatorAt < 0) return plain;
  const locator = file.view(locatorAt, 20);
  if (locator.getUint32(0, true) !== locator64Signature) return plain;
  const endAt = big(locator, 8);
  if (endAt + 56 > file.size) throw truncated(file.path, endAt + 56, file.size, 'its list of contents says');
  const end = file.view(endAt, 56);
  if (end.getUint32(0, true) !== end64Signature)
    throw corrupt(file.path, 'its list of contents is lost', 'a zip64 record was expected');
  return { count: big(end, 32), size: big(end, 40), offset: big(end, 48) };
}

/** Sizes beyond 4 GiB stand in an extra field, in this order, only those that did not fit. */
function applyZip64(member: ZipMember, extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const id = extra.getUint16(at, true);
    const end = Math.min(at + 4 + extra.getUint16(at + 2, true), extra.byteLength);
    if (id === 1) {
      let from = at + 4;
      for (const field of ['size', 'compressedSize', 'headerOffset'] as const) {
        if (member[field] !== 0xffffffff || from + 8 > end) continue;
        member[field] = big(extra, from);
        from += 8;
      }
    }
    at = end;
  }
}

/**
 * The members of a zip, from its central directory alone.
 * @throws EigenscopeError `truncated-file` without a directory at the end, `corrupt-file` when it contradicts itself
 */
export function readZipDirectory(file: FileBytes): ZipMember[] {
  const { count, size, offset } = directoryOf(file);
  if (offset + size > file.size) throw truncated(file.path, offset + size, file.size, 'its list of contents says');
  if (count * 46 > size)
    throw corrupt(file.path, `it lists ${count} members in ${size} bytes`, '46 bytes or more each were expected');
  const bytes = new Uint8Array(size);
  file.readInto(bytes, offset);
  const view = new DataView(bytes.buffer);
  const members: ZipMember[] = [];
  for (let at = 0; members.length < count;) {
    if (at + 46 > size || view.getUint32(at, true) !== memberSignature) {
      throw corrupt(
        file.path,
        `its list of contents breaks off after ${members.length} of ${count}`,
        'another member was expected',
      );
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > size) throw corrupt(file.path, 'a member runs out of its list of contents', 'a name was expected');
    const member: ZipMember = {
      name: decodeText(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      crc32: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    };
    applyZip64(member, new DataView(bytes.buffer, at + 46 + nameLength, extraLength));
    members.push(member);
    at = next;
  }
  return members;
}

/**
 * Where the bytes of a member begin, from its local header.
 * @throws EigenscopeError `corrupt-file`, `truncated-file` when the member is not all in the file
 */
export function memberOffset(file: FileBytes, member: ZipMember): number {
  const view = file.view(member.headerOffset, 30);
  if (view.getUint32(0, true) !== localSignature) {
    throw corrupt(
      file.path,
      `the member “${member.name}” is not where the list of contents says`,
      'its header was expected',
    );
  }
  const offset = member.headerOffset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (offset + member.compressedSize > file.size) {
    throw truncated(
      file.path,
      offset + member.compressedSize,
      file.size,
      `the list of contents says of “${member.name}”`,
    );
  }
  return offset;
}
