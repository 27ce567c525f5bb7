/** One half of a sweep: all rows of one factor, the other being fixed. */
export interface Descent {
  k: number;
  /** Gram matrix of the fixed factor, k × k, with the quadratic penalty on its diagonal */
  gram: Float64Array;
  /** subtracted from every product: the linear penalty */
  l1: number;
  /** components in the order in which they are visited */
  order: Int32Array;
}

/**
 * One step of coordinate descent for every row of W: W_t ← max(W_t − g_t/G_tt, 0) with the gradient
 * g = W G − (C − l1), component after component. Rows do not depend on each other, so a block at a time gives the same
 * as all rows together.
 * @param w rows of W, row-major from `at` on; changed in place
 * @param products C = X·H for these rows (H the fixed factor, features × k), row-major from 0 on
 * @returns Σ |projected gradient| as met on the way: how far W was from its best
 * @see Cichocki & Phan, IEICE Trans. Fundam. E92-A, 708 (2009), algorithm 2
 */
export function descendRows(
  { k, gram, l1, order }: Descent,
  w: Float64Array,
  at: number,
  products: Float64Array,
  rows: number,
): number {
  let violation = 0;
  for (let row = 0; row < rows; row++) {
    const from = at + row * k;
    const product = row * k;
    for (let visit = 0; visit < k; visit++) {
      const t = order[visit]!;
      const line = t * k;
      let gradient = l1 - products[product + t]!;
      for (let r = 0; r < k; r++) gradient += gram[line + r]! * w[from + r]!;
      const value = w[from + t]!;
      // at the bound only a negative gradient, which asks for growth, counts
      const projected = value === 0 ? Math.min(0, gradient) : gradient;
      violation += Math.abs(projected);
      const curvature = gram[line + t]!;
      if (projected !== 0 && curvature !== 0) w[from + t] = Math.max(value - gradient / curvature, 0);
    }
  }
  return violation;
}

/** The Gram matrix with the quadratic penalty added to its diagonal, in a new array. */
export function withPenalty(gram: Float64Array, k: number, l2: number): Float64Array {
  const out = gram.slice();
  for (let t = 0; t < k; t++) out[t * k + t]! += l2;
  return out;
}
