import { elementCount, isFloating, itemSize } from '../model/dtype.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import { elementsOver } from './elements.ts';
import type { FileBytes } from './file-bytes.ts';
import { checkUnchanged, corrupt, openFile } from './file-bytes.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import type { PixelSource } from './pixel-source.ts';
import { checkBlock, makeNative } from './raw-pixels.ts';

type FrameLayout = Extract<PixelLayout, { kind: 'frames' }>;

/** Which run a frame is in, by the number of frames before each run. */
function locate(firsts: readonly number[], frame: number): number {
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firsts[middle]! <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Zeros, or NaN for floating types: what a frame that was never recorded is read as. */
function fillMissing(target: Uint8Array, dtype: SignalHeader['dtype']): void {
  target.fill(0);
  if (!isFloating(dtype) || target.byteLength === 0) return;
  const size = itemSize(dtype);
  const nan = new Uint8Array(
    size === 8 ? Float64Array.of(NaN).buffer : size === 4 ? Float32Array.of(NaN).buffer : Uint16Array.of(0x7e00).buffer,
  );
  for (let at = 0; at < target.length; at += size) target.set(nan, at);
}

/**
 * Blocks of frames that lie anywhere in one or several files.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`, `corrupt-file` when the runs
 * do not add up to the frames of the signal
 */
export function openFramePixels(layout: FrameLayout, signal: SignalHeader): PixelSource {
  const size = itemSize(signal.dtype);
  const outerRank = signal.shape.length - layout.frameRank;
  const frameShape = signal.shape.slice(outerRank);
  const frameBytes = elementCount(frameShape) * size;
  const frames = elementCount(signal.shape.slice(0, outerRank));
  const firsts: number[] = [];
  let total = 0;
  for (const run of layout.runs) {
    firsts.push(total);
    total += run.count;
  }
  if (total !== frames) {
    throw corrupt(layout.files[0]?.path ?? '', `it lists ${total} frames`, `${frames} were expected`);
  }
  const files: FileBytes[] = [];
  try {
    for (const [index, { path, stamp }] of layout.files.entries()) {
      const file = openFile(path);
      files.push(file);
      const needed = layout.runs.reduce(
        (most, run) =>
          run.file === index && run.count > 0
            ? Math.max(most, run.first + (run.count - 1) * run.step + frameBytes)
            : most,
        0,
      );
      checkUnchanged(file, stamp, needed);
    }
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }

  const frameStrides = contiguousStrides(frameShape);
  const outerStrides = contiguousStrides(signal.shape.slice(0, outerRank));
  const rows = frameShape[0] ?? 1;
  const scratch = new Uint8Array(frameBytes);

  /** Fills `target` with all of a frame, in native order, top row first. */
  const readFrame = (frame: number, target: Uint8Array): void => {
    const at = locate(firsts, frame);
    const run = layout.runs[at]!;
    const file = files[run.file];
    if (file === undefined) return fillMissing(target, signal.dtype);
    file.readInto(target, run.first + (frame - firsts[at]!) * run.step);
    makeNative(target, signal.dtype, { littleEndian: layout.littleEndian });
    if (layout.flipped) flipRows(target, rows);
  };

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const frameCount = count.slice(outerRank);
    const frameStart = start.slice(outerRank);
    const whole = frameCount.every((n, i) => n === frameShape[i]);
    const pieceBytes = elementCount(frameCount) * size;
    const pieceStrides = contiguousStrides(frameCount);
    const offset = frameStart.reduce((sum, i, axis) => sum + i * frameStrides[axis]!, 0);
    const index = new Array<number>(outerRank).fill(0);
    for (let done = 0; done < target.length; done += pieceBytes) {
      const frame = index.reduce((sum, i, axis) => sum + (start[axis]! + i) * outerStrides[axis]!, 0);
      const piece = target.subarray(done, done + pieceBytes);
      if (whole) readFrame(frame, piece);
      else {
        readFrame(frame, scratch);
        copyStrided(
          size,
          frameCount,
          { bytes: scratch, strides: frameStrides, offset },
          { bytes: piece, strides: pieceStrides, offset: 0 },
        );
      }
      for (let axis = outerRank - 1; axis >= 0; axis--) {
        if (++index[axis]! < count[axis]!) break;
        index[axis] = 0;
      }
    }
  };

  return {
    readInto,
    read(start, count) {
      checkBlock(signal, start, count);
      const elements = elementCount(count);
      const bytes = new Uint8Array(elements * size);
      readInto(bytes, start, count);
      return elementsOver(bytes.buffer, 0, elements, signal.dtype);
    },
    close: () => files.forEach((file) => file.close()),
  };
}

function flipRows(bytes: Uint8Array, rows: number): void {
  const length = bytes.length / rows;
  const kept = new Uint8Array(length);
  for (let top = 0, bottom = rows - 1; top < bottom; top++, bottom--) {
    kept.set(bytes.subarray(top * length, (top + 1) * length));
    bytes.copyWithin(top * length, bottom * length, (bottom + 1) * length);
    bytes.set(kept, bottom * length);
  }
}
