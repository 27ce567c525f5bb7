import { itemSize } from '../model/dtype.ts';
import type { RowSource } from '../model/rows.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import { featureCount, sampleCount } from '../model/signal.ts';
import { contiguousStrides } from './permute.ts';
import { identityOrder } from './raw-pixels.ts';

/** Axes of the signal in the order of X: navigation first, then signal, each slowest first. */
export function unfoldedOrder(signal: SignalHeader): number[] {
  const all = identityOrder(signal.axes.length);
  return [...all.filter((i) => signal.axes[i]!.navigate), ...all.filter((i) => !signal.axes[i]!.navigate)];
}

/** Strides, in elements of X, of every axis of the signal. */
export function unfoldedStrides(signal: SignalHeader): number[] {
  const order = unfoldedOrder(signal);
  const inX = contiguousStrides(order.map((axis) => signal.shape[axis]!));
  const strides = new Array<number>(order.length).fill(1);
  order.forEach((axis, i) => (strides[axis] = inX[i]!));
  return strides;
}

/** True when walking the stored elements front to back is walking X front to back (axes of size 1 do not matter). */
export function isStoredAsX(signal: SignalHeader, axisOrder: readonly number[] | undefined): boolean {
  const order = axisOrder ?? identityOrder(signal.shape.length);
  const stored = unfoldedOrder(signal)
    .filter((axis) => signal.shape[axis] !== 1)
    .map((axis) => order[axis]!);
  return stored.every((axis, i) => i === 0 || axis > stored[i - 1]!);
}

/** Frames that are the rows of X, all there and at equal distances in one file; null otherwise. */
function frameRows(signal: SignalHeader, layout: Extract<PixelLayout, { kind: 'frames' }>): RowSource | null {
  const [run, ...more] = layout.runs;
  const file = layout.files[run?.file ?? -1];
  const samples = sampleCount(signal.axes);
  const features = featureCount(signal.axes);
  const areRows =
    signal.axes.length - layout.frameRank === signal.axes.filter(({ navigate }) => navigate).length &&
    isStoredAsX(signal, undefined) &&
    !(layout.flipped && layout.frameRank > 1);
  if (!areRows || run === undefined || file === undefined || more.length > 0 || run.count !== samples) return null;
  const rowBytes = features * itemSize(signal.dtype);
  if (samples > 1 && run.step < rowBytes) return null;
  return {
    kind: 'raw',
    path: file.path,
    offset: run.first,
    littleEndian: layout.littleEndian,
    dtype: signal.dtype,
    samples,
    features,
    ...(samples > 1 && run.step !== rowBytes ? { rowStep: run.step } : {}),
    stamp: file.stamp,
  };
}

/**
 * X [samples × features] as rows of the file, one after another or at equal distances, so that algorithms can stream from
 * it; null when the pixels are compressed, permuted or packed and have to be loaded first.
 */
export function rowSourceOf(signal: SignalHeader): RowSource | null {
  const { layout } = signal;
  if (layout.kind === 'frames') return frameRows(signal, layout);
  if (layout.kind !== 'raw' || layout.packedColour || !isStoredAsX(signal, layout.axisOrder)) return null;
  return {
    kind: 'raw',
    path: layout.path,
    offset: layout.offset,
    littleEndian: layout.littleEndian,
    dtype: signal.dtype,
    samples: sampleCount(signal.axes),
    features: featureCount(signal.axes),
    ...(layout.stamp ? { stamp: layout.stamp } : {}),
  };
}

/** The signal with its axes in the order of X; its pixels are then read in that order. For arrays that lie flat or in chunks. */
export function inRowOrder(signal: SignalHeader): SignalHeader {
  const { layout } = signal;
  const order = unfoldedOrder(signal);
  if (!('storedShape' in layout) || order.every((axis, i) => axis === i)) return signal;
  const stored = layout.axisOrder ?? identityOrder(signal.shape.length);
  return {
    ...signal,
    shape: order.map((axis) => signal.shape[axis]!),
    axes: order.map((axis) => signal.axes[axis]!),
    layout: { ...layout, axisOrder: order.map((axis) => stored[axis]!) },
  };
}
