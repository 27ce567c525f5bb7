import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

/** Operations per second of one thread in products, and of the eigenproblems, which run on one thread. */
const productRate = 8e9;
const eigenRate = 4e9;

interface Asked {
  parallel_analysis: boolean;
  cross_validation: boolean;
  repetitions: number;
  folds: number;
  max_components: number;
}

/** Memory beside the data and rough time: the data are looked at, never copied. */
export function estimateCriteria({ samples, features }: DataShape, asked: Asked, threads: number): Estimate {
  const rows = Math.max(samples, features);
  const cols = Math.min(samples, features);
  const folds = asked.cross_validation ? Math.min(asked.folds, rows) : 1;
  const states = Math.min(8, Math.max(2, (128 * 2 ** 20) / (8 * cols * cols)));
  const reduction = (4 / 3) * cols ** 3;
  let work = 2 * reduction;
  if (asked.parallel_analysis) work += asked.repetitions * (reduction + cols ** 3);
  if (asked.cross_validation) {
    const kept = cols * (1 - 1 / folds);
    const k = Math.min(asked.max_components, kept);
    work += folds * folds * ((4 / 3) * kept ** 3 + 4 * kept * kept * k);
  }
  return {
    bytes: 8 * cols * cols * (states + folds + 4) + 16 * rows,
    seconds: 0.02 + (rows * cols * cols) / (productRate * threads) + work / eigenRate,
  };
}
