import { EigenscopeError } from '../model/errors.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/**
 * Lower triangular L with A = L Lᵀ for a symmetric positive definite A (its lower triangle is used), or null when a pivot
 * is not clearly positive: at most n · 2⁻⁵² times the largest diagonal entry, or NaN.
 */
export function tryCholesky(a: Matrix): Matrix | null {
  const n = a.rows;
  const l = createMatrix(n, n);
  const { data } = l;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(a.data[i * n + i]!));
  const least = n * 2 ** -52 * largest;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j]!;
      for (let q = 0; q < j; q++) sum -= data[i * n + q]! * data[j * n + q]!;
      if (i !== j) data[i * n + j] = sum / data[j * n + j]!;
      else if (sum > least) data[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  }
  return l;
}

/** Solves L Lᵀ x = b in place for one right-hand side. */
export function solveCholesky(l: Matrix, x: Float64Array): void {
  const { rows: n, data } = l;
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let q = 0; q < i; q++) sum -= data[i * n + q]! * x[q]!;
    x[i] = sum / data[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let q = i + 1; q < n; q++) sum -= data[q * n + i]! * x[q]!;
    x[i] = sum / data[i * n + i]!;
  }
}

/**
 * X with A X = B for a symmetric positive definite A, n × n; B is n × k.
 * @throws EigenscopeError `shape-mismatch`; `parameter-out-of-range` when A is not positive definite to rounding.
 */
export function solveSpd(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== a.cols || b.rows !== a.rows) {
    throw new EigenscopeError(
      'shape-mismatch',
      `A system needs a square matrix and as many right-hand rows; got ${a.rows} × ${a.cols} and ${b.rows} rows.`,
      { rows: a.rows, cols: a.cols, rightRows: b.rows },
    );
  }
  const l = tryCholesky(a);
  if (!l) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `The ${a.rows} × ${a.rows} matrix is not positive definite: some of its columns depend on each other. ` +
        'Use fewer components or a least-squares solution.',
      { size: a.rows },
    );
  }
  const x = createMatrix(b.rows, b.cols);
  const column = new Float64Array(b.rows);
  for (let j = 0; j < b.cols; j++) {
    for (let i = 0; i < b.rows; i++) column[i] = b.data[i * b.cols + j]!;
    solveCholesky(l, column);
    for (let i = 0; i < b.rows; i++) x.data[i * b.cols + j] = column[i]!;
  }
  return x;
}
