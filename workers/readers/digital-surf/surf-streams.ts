import { inflateSync } from 'node:zlib';
import type { EigenscopeError } from '../../model/errors.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import type { InflateCursor } from '../inflate-cursor.ts';
import { openInflateCursor } from '../inflate-cursor.ts';
import { inOnePiece } from '../one-piece.ts';

/** Position, packed and unpacked bytes of a zlib stream. */
export type PackedStream = readonly [position: number, packed: number, unpacked: number];

const damaged = (file: FileBytes, cause: unknown): EigenscopeError =>
  corrupt(file.path, `packed data cannot be unpacked (${(cause as Error).message})`, 'a zlib stream was expected');

const otherSize = (file: FileBytes, found: number, expected: number): EigenscopeError =>
  corrupt(file.path, `a packed piece gives ${found} bytes`, `${expected} were expected`);

/** All bytes of a packed object; every stream has to give exactly what its list says. */
export function unpackAll(file: FileBytes, streams: readonly PackedStream[]): Uint8Array {
  const bytes = new Uint8Array(streams.reduce((sum, [, , unpacked]) => sum + unpacked, 0));
  let done = 0;
  for (const [position, packed, unpacked] of streams) {
    const piece = new Uint8Array(packed);
    file.readInto(piece, position);
    let plain: Uint8Array;
    try {
      // one byte more than promised shows a stream that is longer
      plain = inflateSync(piece, { maxOutputLength: unpacked + 1, ...inOnePiece(unpacked, packed) });
    } catch (error) {
      throw damaged(file, error);
    }
    if (plain.length !== unpacked) throw otherSize(file, plain.length, unpacked);
    bytes.set(plain, done);
    done += unpacked;
    [piece, plain].forEach(freeBytes);
  }
  return bytes;
}

/** The same bytes from front to back, with memory for a piece of them; `close` after use. */
export function streamAll(file: FileBytes, streams: readonly PackedStream[]) {
  let next = 0;
  let cursor: InflateCursor | null = null;
  let left = 0;
  const finish = async (): Promise<void> => {
    const [, , unpacked] = streams[next - 1]!;
    const found = await cursor!.finish();
    if (found !== unpacked) throw otherSize(file, found, unpacked);
    await cursor!.close();
    cursor = null;
  };
  return {
    /** Fills `target` with the next bytes, of which there have to be enough. */
    async fill(target: Uint8Array): Promise<void> {
      for (let done = 0; done < target.length;) {
        if (cursor === null) {
          const [offset, length, size] = streams[next++]!;
          cursor = openInflateCursor(file, { offset, length, size }, (cause) => damaged(file, cause), 2 ** 20);
          left = size;
        }
        const some = Math.min(left, target.length - done);
        await cursor.fill(target.subarray(done, done + some));
        done += some;
        left -= some;
        if (left === 0) await finish();
      }
    },
    close: async (): Promise<void> => cursor?.close(),
  };
}
