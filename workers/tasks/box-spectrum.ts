import type { RowSource } from '../model/rows.ts';
import type { SignalHeader } from '../model/signal.ts';
import { featureCount } from '../model/signal.ts';
import { openPixels } from '../readers/pixels.ts';
import { readSource } from './row-reader.ts';
import { shownValues } from './shown-values.ts';

/** A box of samples: first and end (exclusive) index per navigation axis, slowest first. */
export interface SampleBox {
  first: readonly number[];
  end: readonly number[];
  reduce: 'mean' | 'sum';
}

/** Adds rows up, NaN left out; the mean is over what was counted. */
function createSum(features: number) {
  const sums = new Float64Array(features);
  const counts = new Float64Array(features);
  return {
    add(rows: Float64Array): void {
      for (let at = 0, j = 0; at < rows.length; at++, j = j + 1 === features ? 0 : j + 1) {
        const value = rows[at]!;
        if (value !== value) continue;
        sums[j]! += value;
        counts[j]! += 1;
      }
    },
    result: (reduce: SampleBox['reduce']): Float64Array =>
      reduce === 'sum' ? sums : sums.map((sum, j) => sum / counts[j]!),
  };
}

/** Runs of samples that are neighbours along the fastest navigation axis: [first, end) rows of X. */
function* runsOf(box: SampleBox, navigation: readonly number[]): Generator<[number, number]> {
  const last = navigation.length - 1;
  if (last < 0) return yield [0, 1];
  const index = box.first.slice(0, last);
  for (;;) {
    const row = index.reduce((sum, i, axis) => sum * navigation[axis]! + i, 0) * navigation[last]!;
    yield [row + box.first[last]!, row + box.end[last]!];
    let axis = last - 1;
    while (axis >= 0 && ++index[axis]! >= box.end[axis]!) index[axis] = box.first[axis--]!;
    if (axis < 0) return;
  }
}

/** Sum or mean of the spectra of a box of samples, from shared memory or contiguous rows of a file; [features], float64. */
export function boxSpectrumOfSource(source: RowSource, box: SampleBox, navigation: readonly number[]): Float64Array {
  const reader = readSource(source);
  const sum = createSum(source.features);
  try {
    for (const [first, end] of runsOf(box, navigation)) {
      for (let at = first; at < end; at += reader.step) sum.add(reader.read(at, Math.min(end, at + reader.step)));
    }
  } finally {
    reader.close();
  }
  return sum.result(box.reduce);
}

/** The same from a file of any layout: only the box is read. Navigation axes may stand anywhere. */
export async function boxSpectrumOfSignal(signal: SignalHeader, box: SampleBox): Promise<Float64Array> {
  const sum = createSum(featureCount(signal.axes));
  const pixels = await openPixels(signal);
  try {
    const navigation = signal.axes.flatMap(({ navigate }, axis) => (navigate ? [axis] : []));
    const index = [...box.first];
    for (;;) {
      const start = signal.axes.map(() => 0);
      const count = [...signal.shape];
      navigation.forEach((axis, i) => {
        start[axis] = index[i]!;
        count[axis] = 1;
      });
      sum.add(shownValues(pixels.read(start, count), signal.dtype));
      let axis = navigation.length - 1;
      while (axis >= 0 && ++index[axis]! >= box.end[axis]!) index[axis] = box.first[axis--]!;
      if (axis < 0) break;
    }
  } finally {
    pixels.close();
  }
  return sum.result(box.reduce);
}
