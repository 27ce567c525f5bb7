import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

export type StepMethod = 'gram' | 'resident' | 'streamed';

/** Up to this many rows AAᵀ is formed: 128 MiB. */
const largestGram = 4096;
/** Up to this many values A is kept as float64 in this thread: below, messages to other threads cost more than they bring. */
const largestResident = 2 ** 21;

/**
 * How P = A(AᵀW) is computed for A of rows × cols. Two skinny products take 4·rows·cols·k operations, AAᵀ once formed
 * 2·rows²·k: it pays for rows ≤ 2·cols, whatever the size of the data. Else small data stay in this thread, and large
 * data are looked at once per step by all threads.
 */
export function chooseStepMethod(rows: number, cols: number): StepMethod {
  if (rows <= largestGram && rows <= 2 * cols) return 'gram';
  return rows * cols <= largestResident ? 'resident' : 'streamed';
}

const number = 8;
/** Multiplications and additions per second of one thread in skinny products, and values read and converted. */
const productRate = 4e9;
const readRate = 4e8;
/** What a typical fit needs; few need the largest number allowed. */
const typicalIterations = 500;
const perIteration = 5e-5;

/** Memory beside the data and rough time of one fit. */
export function estimateOpnmf(
  { samples, features }: DataShape,
  k: number,
  transpose: boolean,
  maxIter: number,
  threads: number,
): Estimate {
  const [rows, cols] = transpose ? [features, samples] : [samples, features];
  const iterations = Math.min(maxIter, typicalIterations);
  const states = Math.min(16, Math.max(2, (128 * 2 ** 20) / (rows * rows * number)));
  const work = {
    gram: {
      bytes: rows * rows * number * (states + 2),
      start: (rows * rows * cols) / (productRate * threads),
      step: (2 * rows * rows * k) / productRate,
    },
    resident: { bytes: rows * cols * number, start: 0, step: (4 * rows * cols * k) / productRate },
    streamed: {
      bytes: 18 * cols * k * number,
      start: 0,
      step: (rows * cols * (1 / readRate + (4 * k) / productRate)) / threads + 0.003,
    },
  }[chooseStepMethod(rows, cols)];
  return {
    bytes: work.bytes + (3 * samples + 3 * features) * k * number,
    seconds: 0.02 + work.start + iterations * (work.step + perIteration),
  };
}
