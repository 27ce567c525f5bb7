import { elementCount, itemSize } from '../../model/dtype.ts';
import type { DType } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { SignalHeader } from '../../model/signal.ts';
import { chunkBoxes } from '../chunk-boxes.ts';
import type { CodedLayout } from '../codecs.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock, readThrough } from '../read-block.ts';
import { arrayOf, nodeAt, type ZarrArray } from './array-metadata.ts';
import { accessChunks, isNumberArray, type OpenChunk } from './chunks.ts';
import { fillBytes } from './element-type.ts';
import { openZarrStore } from './open-store.ts';
import type { ZarrStore } from './store.ts';

/** Most bytes of a chunk that are put together at once. */
const spanBytes = 2 * 2 ** 20;

/** Strides of a chunk by axis of the array, in elements. */
function chunkStrides({ chunk, order }: ZarrArray): number[] {
  const strides = new Array<number>(chunk.length).fill(1);
  const inOrder = contiguousStrides(order.map((axis) => chunk[axis]!));
  order.forEach((axis, i) => (strides[axis] = inOrder[i]!));
  return strides;
}

/** Elements from the first to the last of a box, gaps included. */
const spanOf = (count: readonly number[], strides: readonly number[]): number =>
  count.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 1);

/**
 * Cuts a box of a chunk into boxes that lie close together in it: none spans more than a few mebibytes, and gaps that
 * are worth leaving out are left out.
 * @param grain in elements
 */
function* closeBoxes(
  start: readonly number[],
  count: readonly number[],
  order: readonly number[],
  strides: readonly number[],
  grain: number,
  most: number,
  depth = 0,
): Generator<{ start: readonly number[]; count: readonly number[] }> {
  let at = depth;
  while (at < order.length && count[order[at]!] === 1) at++;
  const axis = order[at];
  if (axis === undefined) {
    yield { start, count };
    return;
  }
  const stride = strides[axis]!;
  const single = count.map((n, a) => (a === axis ? 1 : n));
  const inner = spanOf(single, strides);
  if (inner > most || stride - inner >= grain) {
    for (let i = 0; i < count[axis]!; i++) {
      const from = start.map((n, a) => (a === axis ? n + i : n));
      yield* closeBoxes(from, single, order, strides, grain, most, at + 1);
    }
    return;
  }
  const step = Math.max(1, Math.floor((most - inner) / stride) + 1);
  for (let i = 0; i < count[axis]!; i += step) {
    yield {
      start: start.map((n, a) => (a === axis ? n + i : n)),
      count: count.map((n, a) => (a === axis ? Math.min(step, n - i) : n)),
    };
  }
}

interface Target {
  bytes: Uint8Array;
  /** in elements, by axis of the array */
  strides: readonly number[];
}

/** Blocks of an array in its own order of axes. */
export interface ArrayBlocks {
  /**
   * Puts a block into `target`.
   * @param offset place of its first element there, in elements
   * @param isLast no other block is wanted of the chunks that lie whole in it: they are not kept
   */
  copy(start: readonly number[], count: readonly number[], target: Target, offset?: number, isLast?: boolean): void;
  /** bytes that are unpacked together; infinite when chunks are unpacked whole */
  grain: number;
  close(): void;
}

/**
 * Reads blocks of an array of numbers, chunk by chunk; chunks that were never written are fill.
 * @param bandBytes see `accessChunks`
 */
export function openArrayBlocks(store: ZarrStore, array: ZarrArray, dtype: DType, bandBytes: number): ArrayBlocks {
  if (!isNumberArray(array)) throw new Error(`${array.key} holds no numbers`);
  const size = itemSize(dtype);
  const access = accessChunks(store, array, bandBytes);
  const strides = chunkStrides(array);
  const fill = fillBytes(dtype, array.fill);
  const still = strides.map(() => 0);
  const { chunk, order, shape } = array;

  const copyPart = (
    opened: OpenChunk | null,
    start: readonly number[],
    count: readonly number[],
    target: Target,
    offset: number,
  ): void => {
    const to = { ...target, offset };
    if (opened === null) {
      copyStrided(size, count, { bytes: fill, strides: still, offset: 0 }, to);
      return;
    }
    const whole = access.grain === Infinity;
    const boxes = whole
      ? [{ start, count }]
      : closeBoxes(start, count, order, strides, access.grain / size, spanBytes / size);
    for (const box of boxes) {
      const first = box.start.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
      const bytes = opened.bytes(first * size, (first + spanOf(box.count, strides)) * size);
      const moved = box.start.reduce((sum, i, axis) => sum + (i - start[axis]!) * target.strides[axis]!, 0);
      copyStrided(size, box.count, { bytes, strides, offset: 0 }, { ...target, offset: offset + moved });
    }
  };

  return {
    copy(start, count, target, offset = 0, isLast = false) {
      for (const { index, start: from, count: extent } of chunkBoxes(chunk, start, count)) {
        const origin = index.map((i, axis) => i * chunk[axis]!);
        const place = from.reduce((sum, at, axis) => sum + (at - start[axis]!) * target.strides[axis]!, offset);
        const inChunk = from.map((at, axis) => at - origin[axis]!);
        const isWhole = extent.every((n, axis) => n === Math.min(chunk[axis]!, shape[axis]! - origin[axis]!));
        const opened = access.open(index, isLast && isWhole);
        copyPart(opened, inChunk, extent, target, place);
        opened?.done();
      }
    },
    grain: access.grain,
    close: () => access.close(),
  };
}

/**
 * Opens the pixels of a signal in a Zarr store. `about.array` is the key of the array, `about.axisOrder` the stored axis
 * of every axis of the signal (identity when absent).
 * @throws EigenscopeError `file-changed`, `corrupt-file`, `truncated-file`, `not-readable`
 */
export function openZarrPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { path, about, stamp } = layout;
  const key = String(about['array']);
  const store = openZarrStore(path);
  try {
    const now = store.stamp(key);
    const node = nodeAt(store, key);
    const array = node && arrayOf(store, key, node);
    const order = Array.isArray(about['axisOrder']) ? (about['axisOrder'] as number[]) : signal.shape.map((_, i) => i);
    const same =
      array?.type.kind === 'number' &&
      array.type.dtype === signal.dtype &&
      order.length === array.shape.length &&
      signal.shape.every((size, i) => array.shape[order[i]!] === size);
    if (!array || !same || now.size !== stamp.size || now.mtimeMs !== stamp.mtimeMs) {
      throw new EigenscopeError(
        'file-changed',
        `${path} was written again after it was opened here. Open it again to see what is in it now.`,
        { path },
      );
    }
    const { dtype, shape } = signal;
    const size = itemSize(dtype);
    const slowest = order[0] ?? 0;
    const high = Math.min(array.chunk[slowest] ?? 1, shape[0] ?? 1);
    const bandBytes = (elementCount(shape) / Math.max(1, shape[0] ?? 1)) * high * size;
    const blocks = openArrayBlocks(store, array, dtype, bandBytes);

    // a chunk that can be unpacked in part may be cut between any two of its slowest indices
    const rowBytes = array.order[0] === slowest ? (elementCount(array.chunk) / array.chunk[slowest]!) * size : 0;
    const band = rowBytes >= blocks.grain ? 1 : high;

    const place = (
      target: Uint8Array,
      inTarget: readonly number[],
      offset: number,
      start: readonly number[],
      count: readonly number[],
      isLast: boolean,
    ): void => {
      checkBlock(signal, start, count);
      const from = new Array<number>(order.length).fill(0);
      const extent = new Array<number>(order.length).fill(1);
      const strides = new Array<number>(order.length).fill(0);
      order.forEach((stored, axis) => {
        from[stored] = start[axis]!;
        extent[stored] = count[axis]!;
        strides[stored] = inTarget[axis]!;
      });
      blocks.copy(from, extent, { bytes: target, strides }, offset, isLast);
    };
    const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void =>
      place(target, contiguousStrides(count), 0, start, count, false);
    return {
      band,
      ...(blocks.grain === Infinity
        ? {
            chunk: order.map((stored) => array.chunk[stored]!),
            place: (target, strides, offset, start, count) => place(target, strides, offset, start, count, true),
          }
        : {}),
      readInto,
      read: readThrough(signal, readInto),
      close() {
        blocks.close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
