import type { DataShape, Estimate } from '../../../specs/algorithm.ts';

/** Steps that the curvature is learned from. */
export const memory = 8;

/** Up to this many values X is kept in kernel memory and looked at by one thread: messages would cost more than they save. */
const mostResident = 4 * 2 ** 20;

/** Whether X of this size is copied to kernel memory; by the shape alone, so that all machines give the same bits. */
export const staysResident = (rows: number, cols: number): boolean => rows * cols <= mostResident;

/** Values looked at per second of one thread and component, measured on a 2.5 GHz laptop core. */
const lookRate = 1.2e9;
/** Iterations that most data need. */
const usualIterations = 100;
const number = 8;

/** Memory beside the data and rough time; the low-rank and the sparse part are never held as matrices. */
export function estimateRpca(
  { samples, features }: DataShape,
  k: number,
  maxIter: number,
  wantsSparsePart: boolean,
  threads: number,
): Estimate {
  const resident = staysResident(samples, features);
  const values = samples * features;
  const vectors = (2 * memory + 12) * (samples + features) * k;
  const iterations = Math.min(maxIter, usualIterations);
  return {
    bytes: number * (vectors + (resident ? values : 0) + (wantsSparsePart ? values : 0)),
    seconds: (iterations * values * (k + 1)) / (lookRate * (resident ? 1 : threads)),
  };
}
