import type { DType } from '../model/dtype.ts';
import { elementCount, isComplex, isFloating, itemSize } from '../model/dtype.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import type { FileBytes } from './file-bytes.ts';
import { corrupt, openUnchanged } from './file-bytes.ts';
import { contiguousStrides } from './permute.ts';
import type { PixelSource } from './pixel-source.ts';
import { makeNative } from './raw-pixels.ts';
import { checkBlock, readThrough, runsOfBlock } from './read-block.ts';

export type FrameLayout = Extract<PixelLayout, { kind: 'frames' }>;

/** Neighbouring frames are read together in pieces of at most this size … */
const pieceBytes = 4 * 2 ** 20;
/** … unless more than this lies between what is wanted of them. */
const gapBytes = 32 * 1024;

/** Which run a frame is in, by the number of frames before each run. */
function locate(firsts: Float64Array, frame: number): number {
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
export function fillMissing(target: Uint8Array, dtype: DType): void {
  target.fill(0);
  if (!(isFloating(dtype) || isComplex(dtype)) || target.byteLength === 0) return;
  const size = isComplex(dtype) ? itemSize(dtype) / 2 : itemSize(dtype);
  const nan = new Uint8Array(
    size === 8 ? Float64Array.of(NaN).buffer : size === 4 ? Float32Array.of(NaN).buffer : Uint16Array.of(0x7e00).buffer,
  );
  target.set(nan);
  // doubling: what is filled is copied behind itself
  for (let done = size; done < target.length; done *= 2) {
    target.copyWithin(done, 0, Math.min(done, target.length - done));
  }
}

/** Copies bytes; short runs by hand, because a view of them costs more than they do. */
function copyBytes(from: Uint8Array, at: number, to: Uint8Array, out: number, length: number): void {
  if (length > 64) to.set(from.subarray(at, at + length), out);
  else for (let i = 0; i < length; i++) to[out + i] = from[at + i]!;
}

/** The part of a frame that is wanted: its bytes from first to last, and how to take it out of them. */
interface Cut {
  /** first byte within the stored frame */
  first: number;
  /** bytes from the first to the last wanted one */
  span: number;
  /** bytes wanted */
  bytes: number;
  /** lays the part out of `from` (its first byte at `at`) in C order, top row first */
  take(from: Uint8Array, at: number, to: Uint8Array, out: number): void;
}

function cutOf(
  frameShape: readonly number[],
  start: readonly number[],
  count: readonly number[],
  size: number,
  flipped: boolean,
): Cut {
  const strides = contiguousStrides(frameShape).map((n) => n * size);
  const isRows = flipped && frameShape.length > 1;
  // rows that are stored from the bottom up are counted from there
  const stored = start.map((first, axis) => (isRows && axis === 0 ? frameShape[0]! - first - count[0]! : first));
  const first = stored.reduce((sum, n, axis) => sum + n * strides[axis]!, 0);
  const span = count.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 0) + size;
  const bytes = elementCount(count) * size;
  // trailing axes that are taken whole form one run with the axis before them
  let runAxis = count.length - 1;
  while (runAxis > (isRows ? 1 : 0) && count[runAxis] === frameShape[runAxis]) runAxis--;
  const run = runAxis < 0 ? size : count[runAxis]! * strides[runAxis]!;
  const take = (from: Uint8Array, at: number, to: Uint8Array, out: number): void => {
    let done = 0;
    const walk = (axis: number, position: number): void => {
      if (axis >= runAxis) {
        copyBytes(from, position, to, out + done, run);
        done += run;
        return;
      }
      const n = count[axis]!;
      for (let i = 0; i < n; i++) {
        walk(axis + 1, position + (isRows && axis === 0 ? n - 1 - i : i) * strides[axis]!);
      }
    };
    walk(0, at);
  };
  return { first, span, bytes, take };
}

/** The files of a layout, each checked to be the one whose header was read and long enough for its frames. */
function openFiles(layout: FrameLayout, frameBytes: number): FileBytes[] {
  const needed = new Array<number>(layout.files.length).fill(0);
  for (const { file, first, step, count } of layout.runs) {
    if (count > 0 && file >= 0) needed[file] = Math.max(needed[file] ?? 0, first + (count - 1) * step + frameBytes);
  }
  const files: FileBytes[] = [];
  try {
    for (const [index, { path, stamp }] of layout.files.entries()) {
      files.push(openUnchanged(path, stamp, needed[index]!));
    }
    return files;
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

/**
 * Blocks of frames that lie anywhere in one or several files. Frames that follow one another in a run are read together
 * in pieces of a few MiB, of parts of frames only what lies between their first and last byte.
 * @throws EigenscopeError `truncated-file`, `file-changed`, `file-not-found`, `not-readable`, `corrupt-file` when the runs
 * do not add up to the frames of the signal
 */
export function openFramePixels(layout: FrameLayout, signal: SignalHeader): PixelSource {
  const size = itemSize(signal.dtype);
  const outerRank = signal.shape.length - layout.frameRank;
  const frameShape = signal.shape.slice(outerRank);
  const frameBytes = elementCount(frameShape) * size;
  const frames = elementCount(signal.shape.slice(0, outerRank));
  const { runs } = layout;
  const firsts = new Float64Array(runs.length);
  let total = 0;
  for (const [i, run] of runs.entries()) {
    firsts[i] = total;
    total += run.count;
  }
  if (total !== frames) {
    throw corrupt(layout.files[0]?.path ?? '', `it lists ${total} frames`, `${frames} were expected`);
  }
  const files = openFiles(layout, frameBytes);
  const flipped = layout.flipped === true && layout.frameRank > 1;
  let piece = new Uint8Array(0);

  /** Fills `target` with the cut of `n` frames that follow one another, in native order. */
  const readFrames = (first: number, n: number, cut: Cut, target: Uint8Array): void => {
    const whole = cut.bytes === frameBytes;
    for (let frame = first, done = 0; frame < first + n;) {
      const at = locate(firsts, frame);
      const run = runs[at]!;
      const left = Math.min(first + n - frame, firsts[at]! + run.count - frame);
      const file = files[run.file];
      if (file === undefined) {
        fillMissing(target.subarray(done, done + left * cut.bytes), signal.dtype);
        done += left * cut.bytes;
        frame += left;
        continue;
      }
      const position = run.first + (frame - firsts[at]!) * run.step + cut.first;
      const together = run.step >= cut.span && run.step - cut.span <= gapBytes;
      const some = together ? Math.min(left, Math.max(1, Math.floor(pieceBytes / run.step))) : 1;
      const out = target.subarray(done, done + some * cut.bytes);
      if (whole && !flipped && (some === 1 || run.step === frameBytes)) {
        file.readInto(out, position);
      } else {
        const length = (some - 1) * run.step + cut.span;
        if (piece.length < length) piece = new Uint8Array(length);
        const bytes = piece.subarray(0, length);
        file.readInto(bytes, position);
        for (let i = 0; i < some; i++) cut.take(bytes, i * run.step, out, i * cut.bytes);
      }
      makeNative(out, signal.dtype, layout);
      done += some * cut.bytes;
      frame += some;
    }
  };

  const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const cut = cutOf(frameShape, start.slice(outerRank), count.slice(outerRank), size, flipped);
    const outer = runsOfBlock(signal.shape.slice(0, outerRank), start.slice(0, outerRank), count.slice(0, outerRank));
    let done = 0;
    for (const frame of outer.firsts) {
      readFrames(frame, outer.length, cut, target.subarray(done, done + outer.length * cut.bytes));
      done += outer.length * cut.bytes;
    }
  };

  return {
    readInto,
    read: readThrough(signal, readInto),
    close: () => files.forEach((file) => file.close()),
  };
}
