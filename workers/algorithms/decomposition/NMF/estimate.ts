import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

const number = 8;
/** Multiplications and additions of one thread per second in skinny products, and values it reads and converts. */
const productRate = 4e9;
const readRate = 6e8;
/** What a typical fit needs when more are allowed. */
const typicalSweeps = 80;

export interface EstimateValues {
  output_dimension: number | null;
  max_iter: number;
  beta_loss: string;
}

/** Memory beside the data and rough time: the data are read once for each sweep, and a few times before and after. */
export function estimateNmf({ samples, features }: DataShape, values: EstimateValues, threads: number): Estimate {
  const k = Math.min(values.output_dimension ?? Math.min(samples, features), samples, features);
  const isSquared = values.beta_loss === 'frobenius';
  const sweeps = Math.min(values.max_iter, typicalSweeps);
  const products = isSquared ? 4 : 10;
  const perValue = (products * k) / productRate + (isSquared ? 1 : 6) / readRate;
  return {
    bytes: (4 * samples + 24 * features) * k * number,
    seconds: 0.05 + ((sweeps + 10) * samples * features * perValue) / threads + sweeps * 0.003,
  };
}
