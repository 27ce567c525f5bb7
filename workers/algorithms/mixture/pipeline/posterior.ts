/**
 * Turns the logarithms of weighted densities of one row into the probabilities of the components, in place.
 * @returns the logarithm of their sum, log p(x), by log-sum-exp: no density is too small for it
 */
export function toProbabilities(logs: Float64Array, k: number): number {
  let top = -Infinity;
  for (let c = 0; c < k; c++) if (logs[c]! > top) top = logs[c]!;
  let sum = 0;
  for (let c = 0; c < k; c++) sum += logs[c] = Math.exp(logs[c]! - top);
  for (let c = 0; c < k; c++) logs[c]! /= sum;
  return top + Math.log(sum);
}

/** A probability that cannot change a sum, and whose square root would only lead to denormal numbers. */
export const negligible = 1e-100;

/**
 * What a look at the rows leaves, one after the other: Σ log p(x); Σ r for each component; Σ r z (k × p); and the second
 * moments of z: Σ r z zᵀ (k × p × p) or Σ r z² (k × p).
 */
export interface MomentsLayout {
  k: number;
  p: number;
  /** p for whole matrices, 1 for their diagonals */
  depth: number;
}

export const momentsAt = ({ k, p }: MomentsLayout): { weights: number; first: number; second: number } => ({
  weights: 1,
  first: 1 + k,
  second: 1 + k + k * p,
});

export const momentsLength = ({ k, p, depth }: MomentsLayout): number => 1 + k + k * p + k * p * depth;

export function addMoments(a: Float64Array, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
  return a;
}

/** Where the probabilities of the first step come from, and where those of the last one go; both [rows × k]. */
export interface Probabilities {
  /** in place of those that follow from the densities */
  given?: Float64Array;
  /** takes them; no second moments are added up then */
  out?: Float64Array;
}
