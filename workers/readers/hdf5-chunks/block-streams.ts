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
