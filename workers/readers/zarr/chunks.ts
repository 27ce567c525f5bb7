import { elementCount } from '../../model/dtype.ts';
import type { DType } from '../../model/dtype.ts';
import { itemSize } from '../../model/dtype.ts';
import type { EigenscopeError } from '../../model/errors.ts';
import { corrupt, truncated } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { createByteCache } from '../longest-unused.ts';
import { makeNative } from '../raw-pixels.ts';
import type { ZarrArray } from './array-metadata.ts';
import { bloscHeaderBytes, bloscStarts, parseBloscHeader, unpackBloscBlocks, type BloscFrame } from './blosc.ts';
import { decodeBytes } from './codecs.ts';
import { chunkPlaces } from './shards.ts';
import type { StoredValue, ZarrStore } from './store.ts';

/** A chunk whose bytes can be had in part. */
export interface OpenChunk {
  /** Elements as bytes [from, to) of the unpacked chunk, in native byte order; good until the next call, not to be changed. */
  bytes(from: number, to: number): Uint8Array;
  /** Nobody looks at what `bytes` gave any more. */
  done(): void;
}

export interface ChunkAccess {
  /** Gaps of so many bytes between wanted parts are worth leaving out; infinite when chunks are unpacked whole anyway. */
  grain: number;
  /**
   * null for a chunk that was never written: it is all fill
   * @param isLast nothing else is wanted from it later: it is not kept
   */
  open(index: readonly number[], isLast: boolean): OpenChunk | null;
  close(): void;
}

const leastCache = 16 * 2 ** 20;
const mostCache = 512 * 2 ** 20;
/** Small blocks of a Blosc frame are kept in groups of a few, large ones each by itself. */
const groupedBlocks = 4;
const groupBytes = 2 ** 20;
/** A part of the data is kept unpacked: little beside all of them, and there may be several threads. */
const keptPart = 1 / 32;
const leastGroups = 2 ** 20;
const mostGroups = 16 * 2 ** 20;
const mostFrames = 64;
const rawGrain = 32 * 1024;

type NumberArray = ZarrArray & { type: { kind: 'number'; dtype: DType; littleEndian: boolean } };

const damaged = (store: ZarrStore, array: ZarrArray, index: readonly number[], found: string): EigenscopeError =>
  corrupt(
    store.path,
    `the chunk “${array.keyOf(index)}” cannot be unpacked (${found})`,
    'what was written was expected',
  );

interface Frame {
  value: StoredValue;
  frame: BloscFrame;
  starts: Uint32Array;
  /** where each block ends at the latest: blocks of several threads stand in any order */
  ends: Uint32Array;
}

function endsOf(starts: Uint32Array, end: number): Uint32Array {
  const order = Uint32Array.from(starts.keys()).sort((a, b) => starts[a]! - starts[b]!);
  const ends = new Uint32Array(starts.length);
  order.forEach((block, i) => (ends[block] = i + 1 < order.length ? starts[order[i + 1]!]! : end));
  return ends;
}

interface Group {
  bytes: Uint8Array;
  have: Uint8Array;
}

/** Whole blocks within a range that is too long to be kept; null when it is not, or its blocks are large. */
function directBlocks(frame: BloscFrame, from: number, to: number): { first: number; end: number } | null {
  if (to - from < groupBytes || frame.blockBytes > groupBytes / 2) return null;
  const first = Math.ceil(from / frame.blockBytes);
  const end = to === frame.bytes ? frame.blocks : Math.floor(to / frame.blockBytes);
  return { first, end };
}

/** Blocks of Blosc frames, unpacked when they are asked for. */
function bloscAccess(store: ZarrStore, array: NumberArray, bandBytes: number): ChunkAccess {
  const { dtype, littleEndian } = array.type;
  const chunkBytes = elementCount(array.chunk) * itemSize(dtype);
  const places = chunkPlaces(store, array);
  const frames = new Map<string, Frame>();
  let largestBlock = 0;
  // all blocks of a band where they are large: each is then unpacked once when rows are read one after another
  const arrayBytes = elementCount(array.shape) * itemSize(dtype);
  const groupCache = Math.min(mostGroups, Math.max(leastGroups, arrayBytes * keptPart));
  let groups = createByteCache<Group>(groupCache);
  let scratch = new Uint8Array(0);
  let copied: Uint8Array = scratch;

  const frameOf = (index: readonly number[], name: string): Frame | null => {
    const found = frames.get(name);
    if (found) return found;
    const value = places.find(index);
    if (value === null) return null;
    const fail = (what: string): EigenscopeError => damaged(store, array, index, what);
    if (value.size < bloscHeaderBytes) throw fail(`${value.size} bytes`);
    const frame = parseBloscHeader(value.read(0, bloscHeaderBytes));
    if (typeof frame === 'string') throw fail(frame);
    if (frame.bytes !== chunkBytes) throw fail(`${frame.bytes} bytes instead of ${chunkBytes}`);
    if (frame.packedBytes > value.size)
      throw truncated(`${store.path} › ${array.keyOf(index)}`, frame.packedBytes, value.size);
    const starts = frame.isCopy
      ? new Uint32Array(0)
      : bloscStarts(frame, value.read(bloscHeaderBytes, 4 * frame.blocks));
    if (starts === null) throw fail('a block outside of it');
    const known = { value, frame, starts, ends: endsOf(starts, frame.packedBytes) };
    frames.set(name, known);
    const [oldest] = frames.keys();
    if (frames.size > mostFrames) frames.delete(oldest!);
    if (frame.blockBytes > largestBlock && frame.blockBytes > groupBytes) {
      largestBlock = frame.blockBytes;
      groups.clear();
      groups = createByteCache<Group>(Math.min(mostCache, Math.max(groupCache, 1.1 * bandBytes)));
    }
    return known;
  };

  /** Unpacks blocks [first, end) into `to`. */
  const unpack = ({ value, frame, starts, ends }: Frame, first: number, end: number, to: Uint8Array): boolean => {
    let low = Infinity;
    let high = 0;
    let sum = 0;
    for (let block = first; block < end; block++) {
      low = Math.min(low, starts[block]!);
      high = Math.max(high, ends[block]!);
      sum += ends[block]! - starts[block]!;
    }
    if (end - first > 1 && high - low > 2 * sum + groupBytes) {
      const middle = (first + end) >>> 1;
      const cut = (middle - first) * frame.blockBytes;
      const known = { value, frame, starts, ends };
      return unpack(known, first, middle, to.subarray(0, cut)) && unpack(known, middle, end, to.subarray(cut));
    }
    const packed = value.read(low, high - low);
    const relative = Array.from(starts.subarray(first, end), (start) => start - low);
    const whole = unpackBloscBlocks(frame, packed, first, relative, to);
    freeBytes(packed);
    return whole;
  };

  const blocksPerGroup = ({ blockBytes }: BloscFrame): number =>
    Math.max(1, Math.min(groupedBlocks, Math.floor(groupBytes / blockBytes)));

  const groupWith = (
    known: Frame,
    index: readonly number[],
    name: string,
    group: number,
    from: number,
    to: number,
  ): Uint8Array => {
    const { frame } = known;
    const perGroup = blocksPerGroup(frame);
    const key = `${name}#${group}`;
    const firstBlock = group * perGroup;
    const blocks = Math.min(perGroup, frame.blocks - firstBlock);
    let found = groups.get(key);
    if (found === undefined) {
      const size = Math.min(perGroup * frame.blockBytes, frame.bytes - firstBlock * frame.blockBytes);
      found = { bytes: new Uint8Array(size), have: new Uint8Array(blocks) };
      groups.put(key, found);
    }
    const { bytes, have } = found;
    const last = Math.min(blocks - 1, Math.floor((to - 1) / frame.blockBytes));
    for (let block = Math.floor(from / frame.blockBytes); block <= last; block++) {
      if (have[block]) continue;
      let end = block + 1;
      while (end <= last && !have[end]) end++;
      const out = bytes.subarray(block * frame.blockBytes, Math.min(end * frame.blockBytes, bytes.length));
      if (!unpack(known, firstBlock + block, firstBlock + end, out)) {
        throw damaged(store, array, index, `Blosc, ${frame.format}`);
      }
      have.fill(1, block, end);
      block = end - 1;
    }
    return bytes;
  };

  const native = (bytes: Uint8Array, isOwn: boolean): Uint8Array => {
    if (littleEndian) return bytes;
    const own = isOwn ? bytes : bytes.slice();
    makeNative(own, dtype, { littleEndian });
    return own;
  };

  return {
    grain: 64 * 1024,
    open(index) {
      const name = index.join();
      const known = frameOf(index, name);
      if (known === null) return null;
      const { frame, value } = known;
      return {
        bytes(from, to) {
          if (frame.isCopy) {
            freeBytes(copied);
            copied = value.read(bloscHeaderBytes + from, to - from);
            return native(copied, true);
          }
          const perGroup = blocksPerGroup(frame) * frame.blockBytes;
          const first = Math.floor(from / perGroup);
          const last = Math.floor((to - 1) / perGroup);
          if (first === last) {
            const at = first * perGroup;
            const bytes = groupWith(known, index, name, first, from - at, to - at);
            return native(bytes.subarray(from - at, to - at), false);
          }
          // much at once is unpacked where it is wanted and not kept: only the blocks at its ends are asked for again
          const blocks = directBlocks(frame, from, to);
          if (scratch.length < to - from) {
            freeBytes(scratch);
            scratch = new Uint8Array(to - from);
          }
          const copyFrom = (low: number, high: number): void => {
            for (let group = Math.floor(low / perGroup); group * perGroup < high; group++) {
              const at = group * perGroup;
              const [begin, end] = [Math.max(low, at), Math.min(high, at + perGroup)];
              const bytes = groupWith(known, index, name, group, begin - at, end - at);
              scratch.set(bytes.subarray(begin - at, end - at), begin - from);
            }
          };
          if (blocks === null) {
            copyFrom(from, to);
          } else {
            const [low, high] = [blocks.first * frame.blockBytes, Math.min(blocks.end * frame.blockBytes, frame.bytes)];
            if (from < low) copyFrom(from, low);
            if (!unpack(known, blocks.first, blocks.end, scratch.subarray(low - from, high - from)))
              throw damaged(store, array, index, `Blosc, ${frame.format}`);
            if (high < to) copyFrom(high, to);
          }
          return native(scratch.subarray(0, to - from), true);
        },
        done() {},
      };
    },
    close() {
      [scratch, copied].forEach(freeBytes);
      groups.clear();
      frames.clear();
    },
  };
}

/** Chunks that are unpacked as a whole and kept while others of their band are read. */
function wholeAccess(store: ZarrStore, array: NumberArray, bandBytes: number): ChunkAccess {
  const { dtype, littleEndian } = array.type;
  const chunkBytes = elementCount(array.chunk) * itemSize(dtype);
  const places = chunkPlaces(store, array);
  const cache = createByteCache<{ bytes: Uint8Array }>(Math.min(mostCache, Math.max(leastCache, 1.1 * bandBytes)));
  return {
    grain: Infinity,
    open(index, isLast) {
      const name = index.join();
      let found = cache.get(name);
      const isKept = found !== undefined || !isLast;
      if (found === undefined) {
        const value = places.find(index);
        if (value === null) return null;
        const bytes = decodeBytes(array.decoders, value.read(0, value.size), chunkBytes);
        if (typeof bytes === 'string') throw damaged(store, array, index, bytes);
        const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
        if (aligned !== bytes) freeBytes(bytes);
        makeNative(aligned, dtype, { littleEndian });
        found = { bytes: aligned };
        if (isKept) cache.put(name, found);
      }
      const { bytes } = found;
      return {
        bytes: (from, to) => bytes.subarray(from, to),
        done() {
          if (!isKept) freeBytes(bytes);
        },
      };
    },
    close: () => cache.clear(),
  };
}

/** Chunks that are not packed at all: read where they are. */
function plainAccess(store: ZarrStore, array: NumberArray): ChunkAccess {
  const { dtype, littleEndian } = array.type;
  const chunkBytes = elementCount(array.chunk) * itemSize(dtype);
  const places = chunkPlaces(store, array);
  const nothing = new Uint8Array(0);
  let last: Uint8Array = nothing;
  return {
    grain: rawGrain,
    open(index) {
      const value = places.find(index);
      if (value === null) return null;
      if (value.size !== chunkBytes) throw truncated(`${store.path} › ${array.keyOf(index)}`, chunkBytes, value.size);
      return {
        bytes(from, to) {
          freeBytes(last);
          const bytes = value.read(from, to - from);
          makeNative(bytes, dtype, { littleEndian });
          return (last = bytes);
        },
        done() {
          freeBytes(last);
          last = nothing;
        },
      };
    },
    close() {},
  };
}

export const isNumberArray = (array: ZarrArray): array is NumberArray => array.type.kind === 'number';

/**
 * The unpacked chunks of an array of numbers.
 * @param bandBytes size of all chunks that are read together, for which there is room if at all possible
 */
export function accessChunks(store: ZarrStore, array: NumberArray, bandBytes: number): ChunkAccess {
  const [first, ...more] = array.decoders;
  if (first === undefined) return plainAccess(store, array);
  const onlyBlosc = first.name === 'blosc' && more.length === 0;
  return onlyBlosc ? bloscAccess(store, array, bandBytes) : wholeAccess(store, array, bandBytes);
}
