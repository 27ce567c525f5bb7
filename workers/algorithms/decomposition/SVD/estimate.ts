import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

/** Floating-point operations per second of one thread in the products, measured on a 2.5 GHz laptop core. */
const productRate = 8e9;
/** of the eigenproblem, which runs on one thread */
const eigenRate = 4e9;
const number = 8;

/** Memory beside the data and rough time of a decomposition by the Gram matrix or by random directions. */
export function estimateSvd(
  { samples, features }: DataShape,
  values: { output_dimension: number | null; svd_solver: string },
  threads: number,
): Estimate {
  const long = Math.max(samples, features);
  const short = Math.min(samples, features);
  const k = Math.min(values.output_dimension ?? short, short);
  const outputs = (samples + features) * k * number;
  if (values.svd_solver === 'randomized' || (values.svd_solver === 'auto' && short > 4096 && k < 0.8 * short)) {
    const width = k + 10;
    const rounds = k < 0.1 * short ? 8 : 5;
    return {
      bytes: outputs + short * width * number * 20,
      seconds:
        (rounds * 4 * long * short * width) / (productRate * threads) + (rounds * 4 * short * width ** 2) / eigenRate,
    };
  }
  const states = Math.min(16, Math.max(2, (128 * 2 ** 20) / (short * short * number)));
  return {
    bytes: outputs + short * short * number * (states + 4),
    seconds:
      (long * short * (short + 2 * k)) / (productRate * threads) + (short ** 2 * (1.5 * short + 5 * k)) / eigenRate,
  };
}
