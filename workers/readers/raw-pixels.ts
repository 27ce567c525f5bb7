import type { DType } from '../model/dtype.ts';
import { elementCount, itemSize } from '../model/dtype.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import { componentsOf } from './elements.ts';
import type { FileBytes } from './file-bytes.ts';
import { openUnchanged } from './file-bytes.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import type { PixelSource } from './pixel-source.ts';
import { checkBlock, readFrom, readThrough, runsOfBlock } from './read-block.ts';

export type RawLayout = Extract<PixelLayout, { kind: 'raw' }>;

/** Largest piece that is read at once. */
export const chunkBytes = 8 * 2 ** 20;
/** Pieces closer than this are read together with what lies between them. */
const gapBytes = 32 * 1024;

export const identityOrder = (rank: number): number[] => Array.from({ length: rank }, (_, i) => i);

/** Opens the file of a raw layout after checking that it is still what the header described, and long enough. */
export function openRawFile(signal: SignalHeader, layout: RawLayout): FileBytes {
  const needed = layout.offset + elementCount(layout.storedShape) * itemSize(signal.dtype);
  return openUnchanged(layout.path, layout.stamp, needed);
}

/** Brings elements as they were stored into native order, in place: byte order first, then packed colour to R, G, B, A. */
export function makeNative(
  bytes: Uint8Array,
  dtype: DType,
  layout: Pick<RawLayout, 'littleEndian' | 'packedColour'>,
): void {
  const size = layout.packedColour ? 4 : itemSize(componentsOf(dtype).dtype);
  if (!layout.littleEndian && size > 1) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (size === 2) buffer.swap16();
    else if (size === 4) buffer.swap32();
    else buffer.swap64();
  }
  if (layout.packedColour) {
    for (let at = 0; at < bytes.length; at += 4) {
      const blue = bytes[at]!;
      bytes[at] = bytes[at + 2]!;
      bytes[at + 2] = blue;
    }
  }
}

/** Reads a block of the stored array, in stored order, into `target`: run by run, or with the gaps when they are small. */
function readStoredBlock(
  file: FileBytes,
  layout: RawLayout,
  size: number,
  start: readonly number[],
  count: readonly number[],
  target: Uint8Array,
): void {
  const strides = contiguousStrides(layout.storedShape);
  const { length: elements, apart, firsts } = runsOfBlock(layout.storedShape, start, count);
  const run = elements * size;
  const isNear = apart > 0 && apart * size - run <= gapBytes;
  const last = strides.reduce((sum, stride, axis) => sum + (start[axis]! + count[axis]! - 1) * stride, 0);
  const end = layout.offset + (last + 1) * size;
  let window = new Uint8Array(0);
  let windowStart = 0;
  let done = 0;
  for (const first of firsts) {
    const position = layout.offset + first * size;
    if (run >= gapBytes) {
      file.readInto(target.subarray(done, done + run), position);
    } else {
      if (position < windowStart || position + run > windowStart + window.length) {
        const length = isNear ? Math.min(end - position, 16 * gapBytes) : run;
        if (window.length !== length) window = new Uint8Array(length);
        file.readInto(window, position);
        windowStart = position;
      }
      target.set(window.subarray(position - windowStart, position - windowStart + run), done);
    }
    done += run;
  }
}

/**
 * Blocks of an array that lies flat in a file, in any order of axes.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`
 */
export function openRawPixels(layout: RawLayout, signal: SignalHeader): PixelSource {
  const file = openRawFile(signal, layout);
  const size = itemSize(signal.dtype);
  const order = layout.axisOrder ?? identityOrder(signal.shape.length);
  const identity = order.every((stored, axis) => stored === axis);

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const inStored = (values: readonly number[]): number[] => {
      const stored = new Array<number>(values.length).fill(0);
      order.forEach((axis, i) => (stored[axis] = values[i]!));
      return stored;
    };
    const storedCount = inStored(count);
    const block = identity ? target : new Uint8Array(target.length);
    readStoredBlock(file, layout, size, inStored(start), storedCount, block);
    makeNative(block, signal.dtype, layout);
    if (identity) return;
    const strides = contiguousStrides(storedCount);
    copyStrided(
      size,
      count,
      { bytes: block, strides: order.map((axis) => strides[axis]!), offset: 0 },
      { bytes: target, strides: contiguousStrides(count), offset: 0 },
    );
  };

  return {
    readInto,
    read: readThrough(signal, readInto),
    close: () => file.close(),
  };
}

/** Blocks of an array that was decoded with its header. */
export function openBytesPixels(bytes: Uint8Array, signal: SignalHeader): PixelSource {
  const readInto = readFrom(signal, () => bytes);
  return { readInto, read: readThrough(signal, readInto), close() {} };
}

/**
 * Walks the stored array front to back in pieces of at most `pieceBytes`. Each piece is a block of the stored array:
 * `start` of its first element and its `count` per stored axis.
 */
export function* storedPieces(
  shape: readonly number[],
  size: number,
  pieceBytes = chunkBytes,
): Generator<{ start: number[]; count: number[]; elements: number }> {
  const strides = contiguousStrides(shape);
  let axis = 0;
  while (axis < shape.length - 1 && strides[axis]! * size > pieceBytes) axis++;
  const inner = strides[axis] ?? 1;
  const step = Math.max(1, Math.floor(pieceBytes / (inner * size)));
  const outer = elementCount(shape.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    const lead: number[] = [];
    for (let a = axis - 1, rest = o; a >= 0; a--) {
      lead.unshift(rest % shape[a]!);
      rest = Math.floor(rest / shape[a]!);
    }
    for (let first = 0; first < (shape[axis] ?? 1); first += step) {
      const n = Math.min(step, (shape[axis] ?? 1) - first);
      const start = shape.map((_, a) => (a < axis ? lead[a]! : a === axis ? first : 0));
      const count = shape.map((whole, a) => (a < axis ? 1 : a === axis ? n : whole));
      yield { start, count, elements: n * inner };
    }
  }
}
