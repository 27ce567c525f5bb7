/** Smallest divisor: single precision's rounding unit, as in scikit-learn. */
export const tiny = 2 ** -23;

export interface Multiplication {
  k: number;
  /** Gram matrix of the fixed factor, k × k, with the quadratic penalty on its diagonal */
  gram: Float64Array;
  /** the linear penalty */
  l1: number;
}

/**
 * One multiplicative step for the squared error: W ← W ∘ C / (W G + l1). Never negative, never increases the error; a
 * value of 0 stays 0.
 * @param w rows of W, row-major from `at` on; changed in place
 * @param products C = X·H for these rows
 * @see Lee & Seung, NIPS 13, 556 (2000), theorem 1
 */
export function multiplyRows(
  { k, gram, l1 }: Multiplication,
  w: Float64Array,
  at: number,
  products: Float64Array,
  rows: number,
): void {
  const old = new Float64Array(k);
  for (let row = 0; row < rows; row++) {
    const from = at + row * k;
    for (let t = 0; t < k; t++) old[t] = w[from + t]!;
    for (let t = 0; t < k; t++) {
      let divisor = l1;
      for (let r = 0; r < k; r++) divisor += old[r]! * gram[r * k + t]!;
      w[from + t] = old[t]! * (products[row * k + t]! / (divisor === 0 ? tiny : divisor));
    }
  }
}
