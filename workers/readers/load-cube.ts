import { elementCount, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { SignalHeader } from '../model/signal.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import { openPixels, slowBlocks } from './pixel-blocks.ts';
import type { RawLayout } from './raw-pixels.ts';
import { chunkBytes, identityOrder, makeNative, openRawFile, storedPieces } from './raw-pixels.ts';
import { isStoredAsX, unfoldedStrides } from './row-source.ts';

const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);

/** Pieces of permuted files: the larger, the longer the runs that are written, and the more memory they take. */
const largestPiece = 32 * 2 ** 20;
const piecesOfAll = 16;

/**
 * File order, one pass, at most 8 MiB at a time; permuted files are put in place in larger pieces.
 * @param share which of the pieces, from 0 to 1
 */
function loadRaw(
  signal: SignalHeader,
  layout: RawLayout,
  target: Uint8Array,
  onProgress: (done: number, total: number) => void,
  check: () => void,
  share: readonly [from: number, to: number],
): void {
  const size = itemSize(signal.dtype);
  const inPlace = isStoredAsX(signal, layout.axisOrder);
  const order = layout.axisOrder ?? identityOrder(signal.shape.length);
  const strides = unfoldedStrides(signal);
  const toStrides = new Array<number>(order.length).fill(1);
  order.forEach((stored, axis) => (toStrides[stored] = strides[axis]!));
  const file = openRawFile(signal, layout);
  try {
    let scratch = new Uint8Array(0);
    const most = Math.max(chunkBytes, Math.min(largestPiece, target.length / piecesOfAll));
    const pieces = [...storedPieces(layout.storedShape, size, inPlace ? chunkBytes : most)];
    const [first, end] = share.map((at) => Math.round(at * pieces.length)) as [number, number];
    const stored = contiguousStrides(layout.storedShape);
    let loaded = 0;
    for (const piece of pieces.slice(first, end)) {
      check();
      const length = piece.elements * size;
      const done = piece.start.reduce((sum, i, axis) => sum + i * stored[axis]!, 0) * size;
      if (!inPlace && scratch.length < length) scratch = new Uint8Array(length);
      const bytes = inPlace ? target.subarray(done, done + length) : scratch.subarray(0, length);
      file.readInto(bytes, layout.offset + done);
      makeNative(bytes, signal.dtype, layout);
      if (!inPlace) {
        const offset = piece.start.reduce((sum, i, axis) => sum + i * toStrides[axis]!, 0);
        copyStrided(
          size,
          piece.count,
          { bytes, strides: contiguousStrides(piece.count), offset: 0 },
          { bytes: target, strides: toStrides, offset },
        );
      }
      loaded += length;
      onProgress(kibibytes(loaded), kibibytes(target.length));
    }
  } finally {
    file.close();
  }
}

/** Small chunks are read together in blocks of about this size. */
const blockBytes = 2 ** 20;

/** Blocks of whole chunks that make up an array, the last axis fastest. */
function chunkBlocks(shape: readonly number[], chunk: readonly number[], size: number) {
  const block = shape.map((extent, axis) => Math.max(1, Math.min(chunk[axis]!, extent)));
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const room = Math.floor(blockBytes / (elementCount(block) * size));
    if (room < 2) break;
    block[axis] = Math.min(shape[axis]!, block[axis]! * room);
    if (block[axis]! < shape[axis]!) break;
  }
  const grid = shape.map((extent, axis) => Math.ceil(extent / block[axis]!));
  const strides = contiguousStrides(grid);
  function* blocks(from: number, to: number): Generator<{ start: number[]; count: number[] }> {
    for (let number = from; number < to; number++) {
      const start = block.map((extent, axis) => (Math.floor(number / strides[axis]!) % grid[axis]!) * extent);
      yield { start, count: start.map((at, axis) => Math.min(block[axis]!, shape[axis]! - at)) };
    }
  }
  return { blocks, total: elementCount(grid) };
}

/**
 * Fills shared memory with X [samples × features] in the dtype of the file: little-endian, C order, navigation axes
 * first, then signal axes. Progress is counted in KiB.
 * @param check called before every piece; throws to stop (cancelled)
 * @param part indices of the slowest axis that are filled, for what threads load together. The parts of all threads have
 * to make up the whole: each is moved to whole chunks of the file, of flat files a part as large is taken in their own
 * order, and what can only be decoded from front to back is filled by the first alone
 * @throws EigenscopeError `truncated-file` when the file is shorter than its header promised, `file-changed` when it was
 * written since, `shape-mismatch` when the buffer has not exactly the size of the data
 */
export async function loadCube(
  signal: SignalHeader,
  buffer: SharedArrayBuffer,
  onProgress: (done: number, total: number) => void = () => {},
  check: () => void = () => {},
  part: readonly [first: number, end: number] = [0, signal.shape[0] ?? 1],
): Promise<void> {
  const size = itemSize(signal.dtype);
  const needed = elementCount(signal.shape) * size;
  if (buffer.byteLength !== needed) {
    throw new EigenscopeError(
      'shape-mismatch',
      `The data take ${needed} bytes but there is room for ${buffer.byteLength}.`,
      { needed, found: buffer.byteLength },
    );
  }
  const target = new Uint8Array(buffer);
  const slow = signal.shape[0] ?? 1;
  if (signal.layout.kind === 'raw') {
    return loadRaw(signal, signal.layout, target, onProgress, check, [part[0] / slow, part[1] / slow]);
  }

  const source = await openPixels(signal);
  try {
    const inPlace = isStoredAsX(signal, undefined);
    const strides = unfoldedStrides(signal);
    const rowBytes = needed / slow;
    let done = 0;
    if (source.fill) {
      if (part[0] > 0) return;
      check();
      return await source.fill(target, strides, (bytes) => {
        check();
        done += bytes;
        onProgress(Math.min(kibibytes(done), kibibytes(needed)), kibibytes(needed));
      });
    }
    if (source.place && source.chunk) {
      const { blocks, total } = chunkBlocks(signal.shape, source.chunk, size);
      const [from, to] = part.map((at) => Math.round((at / slow) * total)) as [number, number];
      for (const { start, count } of blocks(from, to)) {
        check();
        const offset = start.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
        source.place(target, strides, offset, start, count);
        done += elementCount(count) * size;
        onProgress(kibibytes(done), kibibytes(needed));
      }
      return;
    }
    const band = source.band ?? 1;
    const [first, end] = part.map((at) => Math.min(slow, Math.ceil(at / band) * band)) as [number, number];
    for (const { start, count } of slowBlocks(signal, band, first, end)) {
      check();
      const length = elementCount(count) * size;
      if (inPlace) {
        const at = (start[0] ?? 0) * rowBytes;
        source.readInto(target.subarray(at, at + length), start, count);
      } else {
        const bytes = new Uint8Array(length);
        source.readInto(bytes, start, count);
        const offset = (start[0] ?? 0) * (strides[0] ?? 1);
        copyStrided(
          size,
          count,
          { bytes, strides: contiguousStrides(count), offset: 0 },
          { bytes: target, strides, offset },
        );
      }
      done += length;
      onProgress(kibibytes(done), kibibytes((end - first) * rowBytes));
    }
  } finally {
    source.close();
  }
}
