import { kernels } from '../../kernels/kernels.ts';
import { memoryOf } from '../packing/unpack-kernels.ts';
import { unpackZstdFrame } from '../packing/unpack-zstd.ts';
import { unpackLz4 } from '../zarr/lz4.ts';
import { unshuffleBits } from '../zarr/unshuffle.ts';
import { headBytes, lengthAt, readBlockHead } from './block-streams.ts';
import { releaseBytes, takeBytes } from './memory.ts';

/** Elements are shuffled in multiples of so many; what remains is stored as it is. */
const multiple = 8;
const targetBlockBytes = 8192;
const leastBlock = 128;
/** Larger blocks go another way: the memory of the kernels is not given back. */
const mostKernelBytes = 16 * 2 ** 20;

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

/** Turns the bits of blocks of whole elements, each by itself, in bytes of their own. */
function turnBlocks(plain: Uint8Array, to: Uint8Array, blockBytes: number, itemBytes: number): void {
  for (let first = 0; first < plain.length; first += blockBytes) {
    const end = Math.min(first + blockBytes, plain.length);
    unshuffleBits(plain.subarray(first, end), to.subarray(first, end), itemBytes);
  }
}

/** Where each packed block begins and how long it is; null when they leave the bytes. */
function blocksOf(packed: Uint8Array, count: number): { starts: number[]; lengths: number[]; end: number } | null {
  const starts: number[] = [];
  const lengths: number[] = [];
  let at = headBytes;
  for (let i = 0; i < count; i++) {
    const length = lengthAt(packed, at);
    at += 4;
    if (length <= 0 || at + length > packed.length) return null;
    starts.push(at);
    lengths.push(length);
    at += length;
  }
  return { starts, lengths, end: at };
}

/** Blocks of LZ4 are unpacked and turned within the memory of the kernels, one after another. */
function unpackLz4Blocks(
  packed: Uint8Array,
  { starts, lengths }: { starts: readonly number[]; lengths: readonly number[] },
  to: Uint8Array,
  blockBytes: number,
  itemBytes: number,
): boolean {
  const { run, scope } = kernels();
  const largest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const size = Math.min(blockBytes, to.length);
  if (size > mostKernelBytes || largest > mostKernelBytes) {
    return starts.every((start, i) => {
      const target = to.subarray(i * blockBytes, Math.min((i + 1) * blockBytes, to.length));
      const plain = new Uint8Array(target.length);
      if (!unpackLz4(packed.subarray(start, start + lengths[i]!), plain)) return false;
      unshuffleBits(plain, target, itemBytes);
      return true;
    });
  }
  return scope((allocate) => {
    const source = allocate(largest);
    const bits = allocate(size);
    const planes = allocate(size);
    const memory = memoryOf(source);
    for (let i = 0; i < starts.length; i++) {
      const out = i * blockBytes;
      const bytes = Math.min(blockBytes, to.length - out);
      memory.set(packed.subarray(starts[i], starts[i]! + lengths[i]!), source);
      if (run.unpackLz4(source, lengths[i]!, bits, bytes) === 0) return false;
      run.joinBits(bytes / itemBytes, itemBytes, bits, planes);
      if (itemBytes > 1) run.joinBytes(bytes / itemBytes, itemBytes, planes, bits);
      const done = itemBytes > 1 ? bits : planes;
      to.set(memory.subarray(done, done + bytes), out);
    }
    return true;
  });
}

/**
 * Undoes the bitshuffle filter (32008) of a whole chunk; null when it is damaged or larger than `limit`.
 * @see https://github.com/kiyo-masui/bitshuffle (blocks of elements, each with its bits transposed, then packed by itself)
 */
export function undoBitshuffle(packed: Uint8Array, options: BitshuffleOptions, limit: number): Uint8Array | null {
  const { itemBytes, inner } = options;
  const head = inner === 'none' ? { bytes: packed.length, blockBytes: 0 } : readBlockHead(packed);
  if (head === null || head.bytes > limit || head.bytes % itemBytes !== 0 || head.blockBytes % itemBytes !== 0) {
    return null;
  }
  const block = head.blockBytes / itemBytes || options.block || defaultBlock(itemBytes);
  if (block % multiple !== 0) return null;
  const elements = head.bytes / itemBytes;
  const shuffled = (elements - (elements % multiple)) * itemBytes;
  const blockBytes = block * itemBytes;
  const to = takeBytes(head.bytes);
  const turned = to.subarray(0, shuffled);
  let end = shuffled;
  if (inner === 'none') {
    turnBlocks(packed.subarray(0, shuffled), turned, blockBytes, itemBytes);
  } else {
    const blocks = blocksOf(packed, Math.ceil(shuffled / blockBytes));
    if (blocks === null) return null;
    end = blocks.end;
    if (inner === 'lz4') {
      if (!unpackLz4Blocks(packed, blocks, turned, blockBytes, itemBytes)) return null;
    } else {
      const plain = takeBytes(Math.min(blockBytes, shuffled));
      for (const [i, start] of blocks.starts.entries()) {
        const target = turned.subarray(i * blockBytes, (i + 1) * blockBytes);
        const block = plain.subarray(0, target.length);
        if (!unpackZstdFrame(packed.subarray(start, start + blocks.lengths[i]!), block)) return null;
        unshuffleBits(block, target, itemBytes);
      }
      releaseBytes(plain);
    }
  }
  const rest = head.bytes - shuffled;
  if (end + rest > packed.length) return null;
  to.set(packed.subarray(end, end + rest), shuffled);
  return to;
}
