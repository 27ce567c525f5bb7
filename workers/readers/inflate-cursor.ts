import { createInflate } from 'node:zlib';
import type { Inflate } from 'node:zlib';
import { EigenscopeError } from '../model/errors.ts';
import type { FileBytes } from './file-bytes.ts';
import { freeBytes } from './free-bytes.ts';

/** A zlib stream in a file: `size` bytes come out of `length` bytes at `offset`. */
export interface PackedRange {
  offset: number;
  length: number;
  size: number;
}

/** What a zlib stream unpacks to, read from front to back. Close it after use. */
export interface InflateCursor {
  readonly position: number;
  /** Fills `target` with the next bytes. @throws EigenscopeError `truncated-file`, and what `broken` makes */
  fill(target: Uint8Array): Promise<void>;
  skip(length: number): Promise<void>;
  /** Reads on to the end, where the checksum is; gives how many bytes there were in all. */
  finish(): Promise<number>;
  close(): Promise<void>;
}

const packedBytes = 256 * 1024;

/** Feeds a part of a file to a stream, piece after piece, through one buffer. */
async function feed(inflate: Inflate, file: FileBytes, { offset, length }: PackedRange): Promise<void> {
  const buffer = new Uint8Array(Math.min(packedBytes, length));
  for (let done = 0; done < length && !inflate.destroyed;) {
    const piece = buffer.subarray(0, Math.min(buffer.length, length - done));
    file.readInto(piece, offset + done);
    // the buffer is free again once the stream has taken in all of it
    await new Promise<void>((taken, failed) => {
      inflate.write(piece, (error) => (error ? failed(error) : taken()));
    });
    done += piece.length;
  }
  inflate.end();
}

/** Pieces as they come, each good until the next is asked for: its memory is given back then. */
async function* unpackedPieces(
  file: FileBytes,
  packed: PackedRange,
  broken: (cause: unknown) => EigenscopeError,
  pieceBytes: number,
): AsyncGenerator<Uint8Array> {
  // objects, so that what waits is not joined
  const options = { chunkSize: pieceBytes, readableObjectMode: true, readableHighWaterMark: 1 };
  const inflate = createInflate(options);
  feed(inflate, file, packed).catch((error: unknown) => inflate.destroy(error as Error));
  let total = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Uint8Array>) {
      total += piece.length;
      if (total > packed.size) throw broken(new Error(`more than ${packed.size} bytes`));
      yield piece;
      // the stream goes on in the rest of a buffer that is not full
      if (piece.byteOffset + piece.length === piece.buffer.byteLength) freeBytes(piece);
    }
  } catch (error) {
    throw error instanceof EigenscopeError ? error : broken(error);
  } finally {
    inflate.destroy();
  }
}

/**
 * Opens a zlib stream for reading from front to back with a few pieces of memory. While one piece is used the next is
 * being unpacked by another thread.
 * @param broken the error for a stream that is damaged or gives more than `size` bytes
 * @param pieceBytes how much is unpacked at once
 */
export function openInflateCursor(
  file: FileBytes,
  packed: PackedRange,
  broken: (cause: unknown) => EigenscopeError,
  pieceBytes = 256 * 1024,
): InflateCursor {
  const pieces = unpackedPieces(file, packed, broken, pieceBytes);
  let piece = new Uint8Array(0);
  let at = 0;
  let position = 0;
  const next = async (): Promise<boolean> => {
    const { value, done } = await pieces.next();
    [piece, at] = [done === true ? new Uint8Array(0) : (value as Uint8Array<ArrayBuffer>), 0];
    return done !== true;
  };
  const pass = async (length: number, target: Uint8Array | null): Promise<void> => {
    for (let done = 0; done < length;) {
      if (at === piece.length && !(await next())) throw broken(new Error(`only ${position + done} bytes`));
      const n = Math.min(length - done, piece.length - at);
      target?.set(piece.subarray(at, at + n), done);
      at += n;
      done += n;
    }
    position += length;
  };
  return {
    get position() {
      return position;
    },
    fill: (target) => pass(target.length, target),
    skip: (length) => pass(length, null),
    async finish() {
      let total = position + piece.length - at;
      while (await next()) total += piece.length;
      position = total;
      return total;
    },
    async close() {
      await pieces.return(undefined);
    },
  };
}
