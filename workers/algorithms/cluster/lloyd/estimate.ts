import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

/** Multiplications per second of one thread in products of many columns. */
const rate = 4e9;
/** Rounds of all starts together on few columns, and looks at the data with all columns. */
const rounds = 40;
const looks = 25;

/** Labels and bounds of the starts, distances of all pixels to k centres, and centres. The data are not copied. */
export function estimateKmeans({ samples, features }: DataShape, k: number, starts: number, threads: number): Estimate {
  const narrow = Math.min(features, 32);
  const bytes = 8 * samples * (2 * narrow + 4 * threads + k + starts) + 8 * k * features * (starts + 4) * 4;
  const work = samples * narrow * k * starts * rounds * 0.3 + samples * features * k * Math.min(starts, 4) * looks;
  return { bytes, seconds: 0.02 + work / (rate * threads) };
}
