import { zstdDecompressSync } from 'node:zlib';
import { freeBytes } from '../free-bytes.ts';
import { unpackLz4 } from '../zarr/lz4.ts';
import { takeBytes } from './memory.ts';

/* Both the LZ4 filter and bitshuffle cut a chunk into blocks and write each behind its packed size, big-endian. */

export const headBytes = 12;

export interface BlockHead {
  /** of the whole chunk when unpacked */
  bytes: number;
  blockBytes: number;
}

/** Unpacked size (8 bytes) and block size (4 bytes), big-endian; null when they are not there. */
export function readBlockHead(packed: Uint8Array): BlockHead | null {
  if (packed.length < headBytes) return null;
  const view = new DataView(packed.buffer, packed.byteOffset, headBytes);
  return { bytes: Number(view.getBigUint64(0)), blockBytes: view.getUint32(8) };
}

export const lengthAt = (bytes: Uint8Array, at: number): number =>
  at + 4 > bytes.length
    ? -1
    : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** Undoes the LZ4 filter (32004) of a whole chunk; null when it is damaged or larger than `limit`. */
export function unpackLz4Chunk(packed: Uint8Array, limit: number): Uint8Array | null {
  const head = readBlockHead(packed);
  if (head === null || head.bytes > limit || head.blockBytes === 0) return null;
  const to = takeBytes(head.bytes);
  let at = headBytes;
  for (let out = 0; out < to.length; out += head.blockBytes) {
    const block = to.subarray(out, Math.min(out + head.blockBytes, to.length));
    const length = lengthAt(packed, at);
    at += 4;
    if (length <= 0 || at + length > packed.length) return null;
    const from = packed.subarray(at, at + length);
    // blocks that LZ4 does not make smaller are stored as they are
    if (length === block.length) block.set(from);
    else if (!unpackLz4(from, block)) return null;
    at += length;
  }
  return to;
}

/** Unpacked bytes that go through the library in one call: starting it costs as much as a small block. */
const batchBytes = 2 ** 20;
let joined = new Uint8Array(0);

/**
 * Unpacks Zstandard frames of equal unpacked size, each behind its length; frames that follow one another are one stream.
 * @param starts where the frames begin, `lengths` of them
 */
export function unpackZstdFrames(
  packed: Uint8Array,
  starts: readonly number[],
  lengths: readonly number[],
  frameBytes: number,
  to: Uint8Array,
): boolean {
  const most = Math.max(1, Math.floor(batchBytes / frameBytes));
  for (let first = 0; first < starts.length; first += most) {
    const end = Math.min(starts.length, first + most);
    let total = 0;
    for (let i = first; i < end; i++) total += lengths[i]!;
    if (joined.length < total) joined = new Uint8Array(2 * total);
    for (let i = first, at = 0; i < end; i++) {
      joined.set(packed.subarray(starts[i], starts[i]! + lengths[i]!), at);
      at += lengths[i]!;
    }
    const bytes = Math.min((end - first) * frameBytes, to.length - first * frameBytes);
    try {
      // the output of one step is as long as a frame, so that each step ends with a frame and the next begins one
      const unpacked = zstdDecompressSync(joined.subarray(0, total), {
        maxOutputLength: bytes,
        chunkSize: Math.max(64, frameBytes),
      });
      if (unpacked.length !== bytes) return false;
      to.set(unpacked, first * frameBytes);
      freeBytes(unpacked);
    } catch {
      return false;
    }
  }
  return true;
}
