import { inflateSync } from 'node:zlib';
import { freeBytes } from '../free-bytes.ts';
import { inOnePiece } from '../one-piece.ts';
import { unpackZstdFrame } from '../packing/unpack-zstd.ts';
import { unpackBloscLz } from './blosclz.ts';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';
import { unshuffle, unshuffleBits } from './unshuffle.ts';

/** What the 16 bytes at the start of a Blosc frame say, and where its blocks begin. */
export interface BloscFrame {
  itemBytes: number;
  /** of the unpacked bytes */
  bytes: number;
  blockBytes: number;
  blocks: number;
  /** of the frame */
  packedBytes: number;
  /** stored as it is: no blocks, no shuffling */
  isCopy: boolean;
  shuffled: 'no' | 'bytes' | 'bits';
  isSplit: boolean;
  format: 'blosclz' | 'lz4' | 'snappy' | 'zlib' | 'zstd';
}

export const bloscHeaderBytes = 16;
const formats = ['blosclz', 'lz4', 'snappy', 'zlib', 'zstd'] as const;
/** Blocks are cut into one stream per byte of an element when these are worth it. */
const mostSplits = 16;
const leastSplitItems = 128;

/**
 * The header of a frame, checked against itself.
 * @returns what is wrong with it, as a part of a sentence, when it cannot be
 * @see https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
 */
export function parseBloscHeader(bytes: Uint8Array): BloscFrame | string {
  if (bytes.length < bloscHeaderBytes) return `it has ${bytes.length} bytes`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bloscHeaderBytes);
  const version = bytes[0]!;
  if (version < 1 || version > 2) return `it says it has version ${version} of Blosc's format`;
  const flags = bytes[2]!;
  const format = formats[flags >> 5];
  if (format === undefined) return `it is packed by method ${flags >> 5}`;
  const isCopy = (flags & 2) !== 0;
  const total = view.getUint32(4, true);
  const blockBytes = view.getUint32(8, true);
  const packedBytes = view.getUint32(12, true);
  const blocks = blockBytes === 0 ? 0 : Math.ceil(total / blockBytes);
  if (total > 0 && !isCopy && blockBytes === 0) return 'it says its blocks have 0 bytes';
  const least = bloscHeaderBytes + (isCopy ? total : 4 * blocks);
  if (packedBytes < least) return `it says it has ${packedBytes} bytes where ${least} are needed at least`;
  return {
    itemBytes: Math.max(1, bytes[3]!),
    bytes: total,
    blockBytes,
    blocks,
    packedBytes,
    isCopy,
    shuffled: (flags & 1) !== 0 ? 'bytes' : (flags & 4) !== 0 ? 'bits' : 'no',
    isSplit: (flags & 16) === 0,
    format,
  };
}

/** As many bytes of a stream as expected, in memory of their own; null when it is damaged. */
function unpackZlib(from: Uint8Array, length: number): Uint8Array | null {
  try {
    const unpacked = inflateSync(from, { maxOutputLength: length, ...inOnePiece(length, from.length) });
    return unpacked.length === length ? unpacked : null;
  } catch {
    return null;
  }
}

/** Unpacks one stream into `to`, exactly; false when it is damaged. */
function unpackStream(format: BloscFrame['format'], from: Uint8Array, to: Uint8Array): boolean {
  if (from.length === to.length) {
    to.set(from);
    return true;
  }
  if (format === 'lz4') return unpackLz4(from, to);
  if (format === 'blosclz') return unpackBloscLz(from, to);
  if (format === 'snappy') return unpackSnappy(from, to);
  if (format === 'zstd') return unpackZstdFrame(from, to);
  const unpacked = unpackZlib(from, to.length);
  if (unpacked === null) return false;
  to.set(unpacked);
  freeBytes(unpacked);
  return true;
}

/** Reused between blocks: shuffled bytes on their way. */
let scratch = new Uint8Array(0);
const scratchOf = (size: number): Uint8Array => {
  if (scratch.length < size) scratch = new Uint8Array(size);
  return scratch.subarray(0, size);
};

const isShuffled = ({ shuffled, itemBytes }: BloscFrame, size: number): boolean =>
  size >= itemBytes && (shuffled === 'bits' || (shuffled === 'bytes' && itemBytes > 1));

function undoShuffle({ shuffled, itemBytes }: BloscFrame, from: Uint8Array, to: Uint8Array): void {
  if (shuffled === 'bytes') unshuffle(from, to, itemBytes);
  else unshuffleBits(from, to, itemBytes);
}

/** How many unpacked bytes a block has: all blocks are equal but the last. */
const lengthOfBlock = (frame: BloscFrame, block: number): number =>
  Math.min(frame.blockBytes, frame.bytes - block * frame.blockBytes);

const splitsOf = ({ isSplit, itemBytes, blockBytes }: BloscFrame, size: number): number =>
  isSplit && size === blockBytes && itemBytes <= mostSplits && size / itemBytes >= leastSplitItems ? itemBytes : 1;

const lengthAt = (bytes: Uint8Array, at: number): number =>
  at + 4 > bytes.length ? -1 : bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

function unpackBlock(frame: BloscFrame, packed: Uint8Array, start: number, to: Uint8Array): boolean {
  const size = to.length;
  const streams = splitsOf(frame, size);
  const streamBytes = Math.floor(size / streams);
  if (streams * streamBytes !== size) return false;
  const shuffled = isShuffled(frame, size);
  let at = start;
  if (shuffled && streams === 1 && frame.format === 'zlib') {
    // joined straight from what the library gives
    const length = lengthAt(packed, at);
    if (length > 0 && length !== size && at + 4 + length <= packed.length) {
      const unpacked = unpackZlib(packed.subarray(at + 4, at + 4 + length), size);
      if (unpacked === null) return false;
      undoShuffle(frame, unpacked, to);
      freeBytes(unpacked);
      return true;
    }
  }
  const plain = shuffled ? scratchOf(size) : to;
  for (let stream = 0; stream < streams; stream++) {
    const length = lengthAt(packed, at);
    at += 4;
    if (length <= 0 || at + length > packed.length) return false;
    const out = plain.subarray(stream * streamBytes, (stream + 1) * streamBytes);
    if (!unpackStream(frame.format, packed.subarray(at, at + length), out)) return false;
    at += length;
  }
  if (shuffled) undoShuffle(frame, plain, to);
  return true;
}

/**
 * Unpacks blocks [first, first + starts.length) of a frame that has blocks.
 * @param packed some bytes of the frame
 * @param starts where the blocks begin in `packed`
 * @param to as many bytes as the blocks have when unpacked
 * @returns false when one of them is damaged
 */
export function unpackBloscBlocks(
  frame: BloscFrame,
  packed: Uint8Array,
  first: number,
  starts: readonly number[],
  to: Uint8Array,
): boolean {
  for (let i = 0; i < starts.length; i++) {
    const at = i * frame.blockBytes;
    const out = to.subarray(at, at + lengthOfBlock(frame, first + i));
    if (!unpackBlock(frame, packed, starts[i]!, out)) return false;
  }
  return true;
}

/** Where the blocks of a frame begin, from its table; null when one begins outside of it. */
export function bloscStarts(frame: BloscFrame, table: Uint8Array): Uint32Array | null {
  const starts = new Uint32Array(frame.blocks);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  for (let block = 0; block < frame.blocks; block++) {
    const start = view.getUint32(4 * block, true);
    if (start < bloscHeaderBytes + 4 * frame.blocks || start >= frame.packedBytes) return null;
    starts[block] = start;
  }
  return starts;
}

/** Unpacks a whole frame into `to`, whose length has to be the one it declares; false when it is damaged. */
export function unpackBlosc(packed: Uint8Array, to: Uint8Array): boolean {
  const frame = parseBloscHeader(packed);
  if (typeof frame === 'string' || frame.bytes !== to.length || frame.packedBytes > packed.length) return false;
  if (frame.isCopy) {
    to.set(packed.subarray(bloscHeaderBytes, bloscHeaderBytes + frame.bytes));
    return true;
  }
  const whole = packed.subarray(0, frame.packedBytes);
  const starts = bloscStarts(frame, whole.subarray(bloscHeaderBytes, bloscHeaderBytes + 4 * frame.blocks));
  return starts !== null && unpackBloscBlocks(frame, whole, 0, [...starts], to);
}
