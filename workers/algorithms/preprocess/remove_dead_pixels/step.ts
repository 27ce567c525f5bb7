import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { featureCount, signalAxes } from '../../../model/signal.ts';
import { forEachSpectrum, openBySpectrum } from '../pipeline/by-spectrum.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import { median } from '../pipeline/median.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { removeDeadPixels } from './spec.ts';

type Values = StepValues<typeof removeDeadPixels>;

const madOfNormal = 0.6745;

/** Flat indices of the neighbours of a channel: two on both sides of a spectrum, eight in an image. */
function neighboursOf(shape: readonly number[], index: number): number[] {
  const [rows, columns] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, shape[0]!];
  const [reachY, reachX] = rows === 1 ? [0, 2] : [1, 1];
  const [row, column] = [Math.floor(index / columns), index % columns];
  const found: number[] = [];
  for (let y = Math.max(0, row - reachY); y <= Math.min(rows - 1, row + reachY); y++) {
    for (let x = Math.max(0, column - reachX); x <= Math.min(columns - 1, column + reachX); x++) {
      if (y !== row || x !== column) found.push(y * columns + x);
    }
  }
  return found;
}

/** Channels whose mean stands out from their neighbours. */
function findBad(mean: Float64Array, shape: readonly number[], threshold: number): number[] {
  const beside = new Float64Array(8);
  // what the middle half of its neighbours differ by is no sign: the flank of a peak is steep, its top is curved
  const ordinary = new Float64Array(mean.length);
  const away = mean.map((value, i) => {
    const near = neighboursOf(shape, i);
    near.forEach((at, k) => (beside[k] = mean[at]!));
    const sorted = beside.subarray(0, near.length).sort();
    const cut = Math.floor(near.length / 4);
    ordinary[i] = sorted[near.length - 1 - cut]! - sorted[cut]!;
    return value - median(beside, near.length);
  });
  const scratch = away.map(Math.abs).filter((value) => !Number.isNaN(value));
  let spread = median(scratch);
  // most channels lie exactly between their neighbours: what does not must stand out from rounding
  if (!(spread > 0)) spread = 1e-9 * Math.max(...mean.map(Math.abs), Number.MIN_VALUE);
  const limit = (threshold * spread) / madOfNormal;
  return [...away.keys()].filter((i) => Math.abs(away[i]!) > Math.max(limit, ordinary[i]!));
}

const shapeOf = (signal: SignalHeader): number[] => signalAxes(signal.axes).map(({ size }) => size);

export const step: Preparation<Values> = {
  describe({ signal }, { channels }) {
    requireReal(signal, 'the removal of dead pixels');
    if (shapeOf(signal).length > 2) {
      throw new EigenscopeError(
        'unsupported-format',
        'channels: spectra and images can be repaired; these data have more signal axes.',
        {
          param: 'channels',
        },
      );
    }
    const features = featureCount(signal.axes);
    const wrong = channels?.find((at) => !(Number.isInteger(at) && at >= 0 && at < features));
    if (wrong !== undefined) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `channels: there is no channel ${wrong}; there are ${features}, from 0 on.`,
        {
          param: 'channels',
        },
      );
    }
    return { dtype: floatingTypeOf(signal.dtype) };
  },

  measure(given, { channels, threshold }, check) {
    if (channels !== null) return { bad: Float64Array.from(channels) };
    const sum = new Float64Array(featureCount(given.signal.axes));
    let count = 0;
    forEachSpectrum(given, check, (spectrum) => {
      count++;
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + spectrum[i]!;
    });
    const mean = sum.map((value) => value / count);
    return { bad: Float64Array.from(findBad(mean, shapeOf(given.signal), threshold)) };
  },

  open(given, to, _, { bad }) {
    const shape = shapeOf(given.signal);
    const isBad = new Set(bad);
    const repairs = Array.from(bad!, (at) => {
      const good = neighboursOf(shape, at).filter((near) => !isBad.has(near));
      return { at, good };
    });
    return openBySpectrum(given, to, (input, output) => {
      output.set(input);
      for (const { at, good } of repairs) {
        if (good.length === 0) continue;
        let sum = 0;
        for (const near of good) sum += input[near]!;
        output[at] = sum / good.length;
      }
    });
  },
};
