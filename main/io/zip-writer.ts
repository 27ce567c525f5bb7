import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { bytesOf, writeFully } from './write-fully.ts';

/** Writes members one after the other into an open file, uncompressed, so that readers can map them (numpy.load does). */
export interface ZipWriter {
  /** @param size bytes of the member, which must be what the blocks add up to */
  add(name: string, size: number, blocks: Iterable<ArrayBufferView> | AsyncIterable<ArrayBufferView>): Promise<void>;
  /** Writes the directory; nothing can be added any more. */
  end(): Promise<void>;
}

interface Member {
  name: Uint8Array;
  size: number;
  crc: number;
  offset: number;
}

const full32 = 0xffff_ffff;
const full16 = 0xffff;
/** 1 January 1980, 0:00: the same content gives the same bytes. */
const dosDate = 0x0021;
const utf8Names = 0x0800;

function record(signature: number, fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const length = 4 + fields.reduce((n, [bytes]) => n + bytes, 0);
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** Sizes and offset in 64 bit where 32 do not do (APPNOTE 4.5.3). */
function wideExtra(values: readonly number[]): Uint8Array {
  if (values.length === 0) return new Uint8Array(0);
  const view = new DataView(new ArrayBuffer(4 + 8 * values.length));
  view.setUint16(0, 1, true);
  view.setUint16(2, 8 * values.length, true);
  values.forEach((value, i) => view.setBigUint64(4 + 8 * i, BigInt(value), true));
  return new Uint8Array(view.buffer);
}

/**
 * A ZIP archive of stored members with ZIP64 where sizes need it.
 * @see PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5
 */
export function createZipWriter(file: FileHandle): ZipWriter {
  const members: Member[] = [];
  let position = 0;

  const append = async (bytes: ArrayBufferView): Promise<void> => {
    await writeFully(file, bytes, position);
    position += bytes.byteLength;
  };

  const localHeader = ({ name, size, crc }: Member): Uint8Array => {
    const isWide = size >= full32;
    const extra = wideExtra(isWide ? [size, size] : []);
    const small = isWide ? full32 : size;
    const head = record(0x0403_4b50, [
      [2, isWide ? 45 : 20],
      [2, utf8Names],
      [2, 0],
      [2, 0],
      [2, dosDate],
      [4, crc],
      [4, small],
      [4, small],
      [2, name.length],
      [2, extra.length],
    ]);
    return Buffer.concat([head, name, extra]);
  };

  const directoryEntry = ({ name, size, crc, offset }: Member): Uint8Array => {
    const wide = [...(size >= full32 ? [size, size] : []), ...(offset >= full32 ? [offset] : [])];
    const extra = wideExtra(wide);
    const head = record(0x0201_4b50, [
      [2, (3 << 8) | 45],
      [2, wide.length > 0 ? 45 : 20],
      [2, utf8Names],
      [2, 0],
      [2, 0],
      [2, dosDate],
      [4, crc],
      [4, Math.min(size, full32)],
      [4, Math.min(size, full32)],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0o100644 * 2 ** 16],
      [4, Math.min(offset, full32)],
    ]);
    return Buffer.concat([head, name, extra]);
  };

  return {
    async add(name, size, blocks) {
      const member: Member = { name: new TextEncoder().encode(name), size, crc: 0, offset: position };
      await append(localHeader(member));
      const start = position;
      for await (const block of blocks) {
        member.crc = crc32(bytesOf(block), member.crc);
        await append(block);
      }
      if (position - start !== size) {
        throw new EigenscopeError(
          'shape-mismatch',
          `${name} should have ${size} bytes, but ${position - start} came.`,
          {
            expected: size,
            found: position - start,
          },
        );
      }
      await writeFully(file, localHeader(member), member.offset);
      members.push(member);
    },

    async end() {
      const start = position;
      for (const member of members) await append(directoryEntry(member));
      const length = position - start;
      const count = members.length;
      if (count >= full16 || start >= full32 || length >= full32) {
        const at = position;
        await append(
          record(0x0606_4b50, [
            [8, 44],
            [2, (3 << 8) | 45],
            [2, 45],
            [4, 0],
            [4, 0],
            [8, count],
            [8, count],
            [8, length],
            [8, start],
          ]),
        );
        await append(
          record(0x0706_4b50, [
            [4, 0],
            [8, at],
            [4, 1],
          ]),
        );
      }
      const small = Math.min(count, full16);
      await append(
        record(0x0605_4b50, [
          [2, 0],
          [2, 0],
          [2, small],
          [2, small],
          [4, Math.min(length, full32)],
          [4, Math.min(start, full32)],
          [2, 0],
        ]),
      );
    },
  };
}
