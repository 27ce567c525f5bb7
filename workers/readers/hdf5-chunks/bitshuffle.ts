import { unpackLz4 } from '../zarr/lz4.ts';
import { unshuffleBits } from '../zarr/unshuffle.ts';
import { headBytes, lengthAt, readBlockHead, unpackZstdFrames } from './block-streams.ts';

/** Elements are shuffled in multiples of so many; what remains is stored as it is. */
const multiple = 8;
const targetBlockBytes = 8192;
const leastBlock = 128;

export interface BitshuffleOptions {
  itemBytes: number;
  /** elements of a block; 0 for the one that the library chooses */
  block: number;
  inner: 'none' | 'lz4' | 'zstd';
}

/** From the filter's values: two versions, element size, block size, what is inside, level. */
export function bitshuffleOptions(values: readonly number[]): BitshuffleOptions | null {
  const [, , itemBytes = 0, block = 0, kind = 0] = values;
  const inner = kind === 0 ? 'none' : kind === 2 ? 'lz4' : kind === 3 ? 'zstd' : null;
  return inner === null || itemBytes < 1 || block % multiple !== 0 ? null : { itemBytes, block, inner };
}

function defaultBlock(itemBytes: number): number {
  const block = Math.floor(targetBlockBytes / itemBytes);
  return Math.max(block - (block % multiple), leastBlock);
}

let scratch = new Uint8Array(0);

/**
 * Undoes the bitshuffle filter (32008) of a whole chunk; null when it is damaged or larger than `limit`.
 * @see https://github.com/kiyo-masui/bitshuffle (blocks of elements, each with its bits transposed, then packed by itself)
 */
export function undoBitshuffle(packed: Uint8Array, options: BitshuffleOptions, limit: number): Uint8Array | null {
  const { itemBytes, inner } = options;
  const head = inner === 'none' ? { bytes: packed.length, blockBytes: 0 } : readBlockHead(packed);
  if (head === null || head.bytes > limit || head.bytes % itemBytes !== 0 || head.blockBytes % itemBytes !== 0) return null;
  const elements = head.bytes / itemBytes;
  const block = head.blockBytes / itemBytes || options.block || defaultBlock(itemBytes);
  if (block % multiple !== 0) return null;
  const shuffled = elements - (elements % multiple);
  const blockBytes = block * itemBytes;
  const to = new Uint8Array(head.bytes);
  let plain: Uint8Array;
  let at = inner === 'none' ? shuffled * itemBytes : headBytes;
  if (inner === 'none') {
    plain = packed;
  } else {
    if (scratch.length < shuffled * itemBytes) scratch = new Uint8Array(shuffled * itemBytes);
    plain = scratch.subarray(0, shuffled * itemBytes);
    const starts: number[] = [];
    const lengths: number[] = [];
    for (let out = 0; out < plain.length; out += blockBytes) {
      const length = lengthAt(packed, at);
      at += 4;
      if (length <= 0 || at + length > packed.length) return null;
      if (inner === 'zstd') {
        starts.push(at);
        lengths.push(length);
      } else {
        const target = plain.subarray(out, Math.min(out + blockBytes, plain.length));
        if (!unpackLz4(packed.subarray(at, at + length), target)) return null;
      }
      at += length;
    }
    if (inner === 'zstd' && !unpackZstdFrames(packed, starts, lengths, blockBytes, plain)) return null;
  }
  for (let first = 0; first < shuffled * itemBytes; first += blockBytes) {
    const end = Math.min(first + blockBytes, shuffled * itemBytes);
    unshuffleBits(plain.subarray(first, end), to.subarray(first, end), itemBytes);
  }
  const rest = head.bytes - shuffled * itemBytes;
  if (at + rest > packed.length) return null;
  to.set(packed.subarray(at, at + rest), shuffled * itemBytes);
  return to;
}
