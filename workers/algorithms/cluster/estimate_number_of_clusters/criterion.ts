import { EigenscopeError } from '../../../model/errors.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';

/** Values of a criterion for several numbers of clusters. */
export interface Criterion {
  ks: number[];
  scores: Float64Array;
  /** best first */
  best: number[];
  arrays?: AlgorithmOutput['arrays'];
  notes?: string[];
}

/** Numbers of clusters up to the one with which nothing is left to explain: ln 0 is no number. */
export function withScatter(
  ks: readonly number[],
  dispersions: readonly number[],
): { used: { k: number; w: number }[]; notes: string[] } {
  const end = dispersions.findIndex((w) => !(w > 0));
  const count = end < 0 ? ks.length : end;
  if (count === 0) {
    throw new EigenscopeError('bad-request', 'All pixels are alike: there is nothing to divide into clusters.', {});
  }
  const notes =
    end < 0 ? [] : [`With ${ks[end]} clusters every pixel lies on its centre; more clusters were not compared.`];
  return { used: ks.slice(0, count).map((k, i) => ({ k, w: dispersions[i]! })), notes };
}
