import { elementCount, itemSize } from '../model/dtype.ts';
import type { SignalHeader } from '../model/signal.ts';
import { featureCount, sampleCount } from '../model/signal.ts';
import { elementsOver } from '../readers/elements.ts';
import { contiguousStrides } from '../readers/permute.ts';
import { openPixels } from '../readers/pixels.ts';
import { coarseToFine, fillFromNearest, type Overview } from './overview.ts';
import type { NavigatorRequest } from './navigator.ts';
import { shownValues } from './shown-values.ts';

/*
 * Looks at data whose channels lie one image after another in their file: they are read channel by channel, as they lie,
 * with one block in memory. Row by row, every row would be gathered from all over the file.
 */

const blockBytes = 8 * 2 ** 20;

/** A signal with its axes as they lie in its file, the slowest of them a signal axis. */
export interface ChannelOrder {
  signal: SignalHeader;
  /** strides of these axes among the samples and among the features, which are counted as the signal tells its axes */
  toSample: readonly number[];
  toFeature: readonly number[];
}

/** How a signal is read channel by channel; null where rows are read as well. */
export function channelsFirst(signal: SignalHeader): ChannelOrder | null {
  const { layout, shape, axes } = signal;
  const stored = 'storedShape' in layout ? layout.axisOrder : undefined;
  const order = shape.map((_, axis) => axis).sort((a, b) => (stored ? stored[a]! - stored[b]! : a - b));
  const slowest = order.find((axis) => shape[axis] !== 1);
  // of several signal axes the slowest one, so that a block holds channels that follow one another
  if (slowest === undefined || slowest !== axes.findIndex(({ navigate, size }) => !navigate && size !== 1)) return null;
  if (order[0] !== slowest) return null;
  const inOrder = (strides: readonly number[]): number[] => order.map((axis) => strides[axis]!);
  return {
    signal: {
      ...signal,
      shape: order.map((axis) => shape[axis]!),
      axes: order.map((axis) => axes[axis]!),
      ...(stored && 'storedShape' in layout
        ? { layout: { ...layout, axisOrder: order.map((axis) => stored[axis]!) } }
        : {}),
    },
    toSample: inOrder(stridesIn(signal, true)),
    toFeature: inOrder(stridesIn(signal, false)),
  };
}

/** Strides of the axes of a signal among its samples or its features; 0 for the others. */
function stridesIn({ shape, axes }: SignalHeader, navigate: boolean): number[] {
  const strides = contiguousStrides(shape.filter((_, axis) => axes[axis]!.navigate === navigate));
  let next = 0;
  return axes.map((axis) => (axis.navigate === navigate ? strides[next++]! : 0));
}

type Visit = (value: number, sample: number, feature: number) => void;

/** Reads blocks of whole indices of the slowest axis; `take` gets every value that is a number. */
async function openBlocks({ signal, toSample, toFeature }: ChannelOrder) {
  const pixels = await openPixels(signal);
  const { shape, dtype } = signal;
  const slow = shape[0] ?? 1;
  const each = elementCount(shape.slice(1));
  const fits = Math.max(1, Math.floor(blockBytes / Math.max(1, each * itemSize(dtype))));
  const band = pixels.band ?? 1;
  // whole chunks of the file where they fit
  const step = fits > band ? Math.floor(fits / band) * band : fits;
  const last = shape.length - 1;
  let bytes = new Uint8Array(0);
  return {
    slow,
    step,
    /** features in one index of the slowest axis; those of a block follow one another */
    features: featureCount(signal.axes) / slow,
    read(first: number, end: number, take: Visit): void {
      const count = [end - first, ...shape.slice(1)];
      const length = elementCount(count) * itemSize(dtype);
      if (bytes.length < length) bytes = new Uint8Array(length);
      pixels.readInto(bytes.subarray(0, length), [first, ...shape.slice(1).map(() => 0)], count);
      const values = shownValues(elementsOver(bytes.buffer, 0, elementCount(count), dtype), dtype);
      const run = count[last]!;
      const index = count.map(() => 0);
      for (let at = 0; at < values.length; at += run) {
        let sample = 0;
        let feature = first * toFeature[0]!;
        for (let axis = 0; axis < last; axis++) {
          sample += index[axis]! * toSample[axis]!;
          feature += index[axis]! * toFeature[axis]!;
        }
        for (let i = 0; i < run; i++, sample += toSample[last]!, feature += toFeature[last]!) {
          const value = values[at + i]!;
          if (value === value) take(value, sample, feature);
        }
        for (let axis = last - 1; axis >= 0; axis--) {
          index[axis]! += 1;
          if (index[axis]! < count[axis]!) break;
          index[axis] = 0;
        }
      }
    },
    close: () => pixels.close(),
  };
}

/**
 * Overview of such data, whole or as far as a time budget allows: some channels then stand for all of them.
 * @param milliseconds budget after which a preview is returned; at least one block is read. Infinity reads all.
 */
export async function overviewByChannel(
  order: ChannelOrder,
  milliseconds: number,
  now: () => number,
): Promise<Overview> {
  const { axes } = order.signal;
  const image = new Float64Array(sampleCount(axes));
  const isThere = new Uint8Array(image.length);
  const sums = new Float64Array(featureCount(axes));
  const counts = new Float64Array(sums.length);
  const blocks = await openBlocks(order);
  try {
    const total = Math.ceil(blocks.slow / blocks.step);
    const read = new Array<boolean>(total).fill(false);
    const started = now();
    let seen = 0;
    for (const b of milliseconds === Infinity ? read.keys() : coarseToFine(total)) {
      const first = b * blocks.step;
      const end = Math.min(blocks.slow, first + blocks.step);
      blocks.read(first, end, (value, sample, feature) => {
        image[sample]! += value;
        isThere[sample] = 1;
        sums[feature]! += value;
        counts[feature]! += 1;
      });
      read[b] = true;
      seen += end - first;
      if (now() - started > milliseconds) break;
    }
    const spectrum = sums.map((sum, j) => sum / counts[j]!);
    const complete = seen === blocks.slow;
    if (!complete) {
      fillFromNearest(spectrum, blocks.step * blocks.features, read);
      for (let i = 0; i < image.length; i++) image[i]! *= blocks.slow / seen;
    }
    return { image: image.map((sum, i) => (isThere[i] === 1 ? sum : Number.NaN)), spectrum, complete };
  } finally {
    blocks.close();
  }
}

/** One value per sample, over a window of features; only the channels of the window are read. As `computeNavigator`. */
export async function navigatorByChannel(
  order: ChannelOrder,
  { reduce, channels: [first, end] }: NavigatorRequest,
): Promise<Float64Array> {
  const image = new Float64Array(sampleCount(order.signal.axes)).fill(reduce === 'max' ? -Infinity : 0);
  const counts = new Float64Array(image.length);
  const blocks = await openBlocks(order);
  try {
    const from = Math.floor(first / blocks.features);
    const to = Math.ceil(end / blocks.features);
    for (let at = from; at < to; at += blocks.step) {
      blocks.read(at, Math.min(to, at + blocks.step), (value, sample, feature) => {
        if (feature < first || feature >= end) return;
        counts[sample]! += 1;
        image[sample] = reduce === 'max' ? Math.max(image[sample]!, value) : image[sample]! + value;
      });
    }
  } finally {
    blocks.close();
  }
  return image.map((value, i) => {
    const count = counts[i]!;
    return count === 0 ? Number.NaN : reduce === 'mean' ? value / count : value;
  });
}
