import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

const number = 8;
/** Multiplications and additions per second of one thread in the sums over pairs, and values weighed. */
const productRate = 5e9;
const weighRate = 1e8;
/** Looks at the data of a typical fit. */
const typicalLooks = 60;

/** Memory beside the data and rough time. */
export function estimateMlpca(
  { samples, features }: DataShape,
  values: { output_dimension: number | null; max_iter: number; var_array: string | null },
  threads: number,
): Estimate {
  const long = Math.max(samples, features);
  const short = Math.min(samples, features);
  const p = Math.min(values.output_dimension ?? 4, short);
  // of every pixel and channel: a symmetric matrix of p × p and a vector
  const sums = (p * (p + 3)) / 2;
  const looks = Math.min(values.max_iter / 2 + 1, typicalLooks);
  const perValue = 1 / weighRate + (4 * sums + 2 * p) / productRate;
  const systems = ((long + short) * p ** 3) / productRate;
  // The data, and the variances, in the order in which they are read: written to files where memory is short.
  const copies = samples * features * number * (values.var_array === null ? 1 : 2);
  return {
    bytes:
      copies +
      (values.var_array === null ? 0 : samples * features * number) +
      (4 * long * p + short * (18 * sums + 30 * p)) * number,
    fileBytes: copies,
    seconds: 0.02 + looks * (0.003 + (samples * features * perValue) / threads + systems),
  };
}
