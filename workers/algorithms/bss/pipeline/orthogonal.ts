import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import type { Random } from '../../../linalg/random.ts';

/** The nearest matrix with orthonormal rows, (W Wᵀ)^(−1/2) W; eigenvalues are floored at the least positive number. */
export function decorrelate(w: Matrix): Matrix {
  const k = w.rows;
  const { values, vectors } = eigh(multiply(w, w, { transposeB: true }));
  const scaled = createMatrix(
    k,
    k,
    vectors.data.map((value, at) => value / Math.sqrt(Math.max(values[at % k]!, 2 ** -1022))),
  );
  return multiply(multiply(scaled, vectors, { transposeB: true }), w);
}

/** k × k standard normal numbers, row by row. */
export const gaussianMatrix = (k: number, random: Random): Matrix =>
  createMatrix(
    k,
    k,
    Float64Array.from({ length: k * k }, () => random.gaussian()),
  );

/** Takes from v what lies along the first `count` rows of w, twice for rounding, and makes it a unit vector. */
export function orthonormalize(v: Float64Array, w: Matrix, count: number): void {
  const k = w.cols;
  for (let turn = 0; turn < 2; turn++) {
    for (let r = 0; r < count; r++) {
      let along = 0;
      for (let c = 0; c < k; c++) along += v[c]! * w.data[r * k + c]!;
      for (let c = 0; c < k; c++) v[c]! -= along * w.data[r * k + c]!;
    }
    const length = Math.hypot(...v);
    if (length > 0) for (let c = 0; c < k; c++) v[c]! /= length;
  }
}

/** Fills the rows of w from `count` on with any unit vectors orthogonal to those before. */
export function complete(w: Matrix, count: number): void {
  const k = w.cols;
  for (let row = count; row < w.rows; row++) {
    // of all axes the one that is farthest from the rows there are
    let [best, least] = [0, Infinity];
    for (let c = 0; c < k; c++) {
      let inside = 0;
      for (let r = 0; r < row; r++) inside += w.data[r * k + c]! ** 2;
      if (inside < least) [best, least] = [c, inside];
    }
    const v = new Float64Array(k);
    v[best] = 1;
    orthonormalize(v, w, row);
    w.data.set(v, row * k);
  }
}
