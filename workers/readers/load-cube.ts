import { elementCount, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { SignalHeader } from '../model/signal.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import { openPixels, slowBlocks } from './pixel-blocks.ts';
import type { RawLayout } from './raw-pixels.ts';
import { identityOrder, makeNative, openRawFile, storedPieces } from './raw-pixels.ts';
import { isStoredAsX, unfoldedStrides } from './row-source.ts';

const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);

/** File order, one pass, at most 8 MiB at a time; permuted files are put in place piece by piece. */
function loadRaw(
  signal: SignalHeader,
  layout: RawLayout,
  target: Uint8Array,
  onProgress: (done: number, total: number) => void,
  check: () => void,
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
    let done = 0;
    for (const piece of storedPieces(layout.storedShape, size)) {
      check();
      const length = piece.elements * size;
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
      done += length;
      onProgress(kibibytes(done), kibibytes(target.length));
    }
  } finally {
    file.close();
  }
}

/**
 * Fills shared memory with X [samples × features] in the dtype of the file: little-endian, C order, navigation axes
 * first, then signal axes. Progress is counted in KiB.
 * @param check called before every piece; throws to stop (cancelled)
 * @param part indices of the slowest axis that are filled, for what threads decode together; not for flat files
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
  if (signal.layout.kind === 'raw') return loadRaw(signal, signal.layout, target, onProgress, check);

  const source = await openPixels(signal);
  try {
    const inPlace = isStoredAsX(signal, undefined);
    const strides = unfoldedStrides(signal);
    const slow = signal.shape[0] ?? 1;
    const rowBytes = needed / slow;
    let done = 0;
    if (source.fill && part[0] === 0 && part[1] === slow) {
      check();
      return await source.fill(target, strides, (bytes) => {
        check();
        done += bytes;
        onProgress(Math.min(kibibytes(done), kibibytes(needed)), kibibytes(needed));
      });
    }
    for (const { start, count } of slowBlocks(signal, source.band ?? 1, ...part)) {
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
      onProgress(kibibytes(done), kibibytes((part[1] - part[0]) * rowBytes));
    }
  } finally {
    source.close();
  }
}
