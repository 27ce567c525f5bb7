import { Matrix as Reference } from 'ml-matrix';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { createRandom } from './random.ts';

/** Matrices and comparisons for the tests of this folder. */

export const oddSizes = [1, 2, 3, 5, 7, 17, 63, 64, 65, 129];

export function randomMatrix(rows: number, cols: number, seed = 1): Matrix {
  const random = createRandom(seed);
  return createMatrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => random.gaussian()),
  );
}

export function randomSymmetric(n: number, seed = 1): Matrix {
  const a = randomMatrix(n, n, seed);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.data[i * n + j] = a.data[j * n + i]!;
  return a;
}

export const toReference = (a: Matrix): Reference => Reference.from1DArray(a.rows, a.cols, a.data);
export const fromReference = (a: Reference): Matrix =>
  createMatrix(a.rows, a.columns, Float64Array.from(a.to1DArray()));

/** Product by ml-matrix. */
export const product = (a: Matrix, b: Matrix): Matrix => fromReference(toReference(a).mmul(toReference(b)));
export const transposed = (a: Matrix): Matrix => fromReference(toReference(a).transpose());

/** A matrix with these singular values and random singular vectors, by ml-matrix. */
export function withSpectrum(values: readonly number[], rows = values.length, seed = 1): Matrix {
  const n = values.length;
  const u = orthogonal(rows, n, seed);
  const v = orthogonal(n, n, seed + 1);
  const scaled = createMatrix(
    rows,
    n,
    u.data.map((x, i) => x * values[i % n]!),
  );
  return product(scaled, transposed(v));
}

/** A symmetric matrix with these eigenvalues. */
export function symmetricWithSpectrum(values: readonly number[], seed = 1): Matrix {
  const n = values.length;
  const q = orthogonal(n, n, seed);
  const a = product(
    createMatrix(
      n,
      n,
      q.data.map((x, i) => x * values[i % n]!),
    ),
    transposed(q),
  );
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.data[i * n + j] = a.data[j * n + i]!;
  return a;
}

/** rows × n with orthonormal columns: modified Gram–Schmidt, twice. */
export function orthogonal(rows: number, n: number, seed = 1): Matrix {
  const q = randomMatrix(rows, n, seed);
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < n; j++) {
      for (let c = 0; c < j; c++) {
        let s = 0;
        for (let i = 0; i < rows; i++) s += q.data[i * n + j]! * q.data[i * n + c]!;
        for (let i = 0; i < rows; i++) q.data[i * n + j]! -= s * q.data[i * n + c]!;
      }
      let s = 0;
      for (let i = 0; i < rows; i++) s += q.data[i * n + j]! ** 2;
      for (let i = 0; i < rows; i++) q.data[i * n + j]! /= Math.sqrt(s);
    }
  }
  return q;
}

/** Largest difference of two arrays; NaN when one holds NaN or the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= largest)) largest = d;
    if (d !== d) return NaN;
  }
  return largest;
}

/** ‖VᵀV − 1‖_max */
export function orthogonalityError(v: Matrix): number {
  const g = product(transposed(v), v);
  return largestDifference(
    g.data,
    g.data.map((_, i) => (i % (v.cols + 1) === 0 ? 1 : 0)),
  );
}
