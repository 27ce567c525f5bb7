import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

export interface OnlineValues {
  output_dimension: number | null;
  batch_size: number | null;
  stream: 'channels' | 'pixels';
  project: boolean;
  return_info: boolean;
}

/** Multiplications of one thread per second in the loops over a sample, which read from the second-level cache. */
const rate = 1.5e9;
const number = 8;
const blockBytes = 64 * 2 ** 20;

/** Memory beside the data and rough time. */
export function estimateOnline(
  { samples, features }: DataShape,
  { output_dimension, batch_size, stream, project, return_info }: OnlineValues,
  threads: number,
): Estimate {
  const k = output_dimension ?? 1;
  const [count, entries] = stream === 'channels' ? [features, samples] : [samples, features];
  // steps of about (k² / 2 + 4 k) multiplications per entry, and k² for the move
  const coding = count * entries * 6 * (k * k * 0.5 + 4 * k + 8);
  const moving = (count / (batch_size ?? 1)) * entries * (k * k + 2 * k);
  return {
    bytes:
      number * (4 * k * entries + 3 * k * count + entries * Math.max(8, batch_size ?? 1)) +
      Math.min(blockBytes, number * count * entries) +
      (return_info ? number * count * entries : 0),
    seconds: 0.01 + (coding + moving) / rate + (project ? coding / (rate * threads) : 0),
  };
}
