import type { AlgorithmOutput } from '../../../model/result.ts';
import type { Scatter } from '../pipeline/scatter-pass.ts';
import { isExact } from './indices.ts';

/** Values of a criterion for several numbers of clusters. */
export interface Criterion {
  ks: number[];
  scores: Float64Array;
  /** best first */
  best: number[];
  arrays?: AlgorithmOutput['arrays'];
  notes?: string[];
}

/** Says from how many clusters on nothing is left to explain. */
export function noteOfExact(ks: readonly number[], scatters: readonly Scatter[], cols: number): string[] {
  const first = scatters.findIndex((scatter) => isExact(scatter, cols));
  return first < 0
    ? []
    : [`With ${ks[first]} clusters every pixel lies on its centre; more of them tell nothing more.`];
}
