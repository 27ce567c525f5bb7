import { itemSize } from '../../../model/dtype.ts';
import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

/** Multiplications per second of one thread in large products, and in products with a few columns. */
const largeRate = 4e9;
const skinnyRate = 2e9;

/** Memory beside the data and rough time of learning a dictionary of channel maps in this many rounds. */
export function estimateDictionary(
  { samples, features, dtype }: DataShape,
  outputDimension: number | null,
  threads: number,
  rounds: number,
): Estimate {
  const k = Math.min(outputDimension ?? Infinity, samples, features);
  const outputs = 8 * k * (3 * samples + 6 * features);
  const coding = features * k * k * (1 + k / 8) * rounds;
  if (holdsGram(samples, features, samples * features * itemSize(dtype))) {
    const gram = features * features;
    return {
      bytes: 8 * gram * 4 + outputs,
      seconds: (samples * gram) / (2 * largeRate * threads) + (gram * k * rounds + coding) / skinnyRate + 0.02,
    };
  }
  const look = samples * features * k;
  return {
    bytes: 8 * 16 * features * k + outputs,
    seconds: (2 * look * rounds) / (skinnyRate * threads) + coding / skinnyRate + 0.02,
  };
}

/** Beside the data a run may hold their size once more, and this. */
const allowance = 300 * 2 ** 20;
/** copies of the Gram matrix at the peak: states being merged, the merged one, the one in kernel memory */
const copies = 4;
/** up to this many channels G·C takes a millisecond or two whatever the number of pixels */
const always = 1024;

/**
 * Whether XᵀX [channels × channels] is held: where a product with it costs less than two looks at X, and memory allows.
 * @param dataBytes size of the data as they are stored
 */
export function holdsGram(pixels: number, channels: number, dataBytes: number): boolean {
  if (copies * 8 * channels * channels > allowance + dataBytes) return false;
  return channels <= always || channels <= 4 * pixels;
}
