import { EigenscopeError } from '../model/errors.ts';
import { copyMatrix, identity } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/**
 * X with A X = B by elimination with partial pivoting; A is n × n, B n × k.
 * @throws EigenscopeError `shape-mismatch`; `parameter-out-of-range` when A is singular to rounding (or holds NaN).
 * @see Golub & Van Loan, 4th ed., 3.4.
 */
export function solveLinear(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  if (a.cols !== n || b.rows !== n) {
    throw new EigenscopeError(
      'shape-mismatch',
      `A system needs a square matrix and as many right-hand rows; got ${n} × ${a.cols} and ${b.rows} rows.`,
      { rows: n, cols: a.cols, rightRows: b.rows },
    );
  }
  const lu = copyMatrix(a).data;
  const x = copyMatrix(b);
  const k = b.cols;
  const scale = lu.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(lu[i * n + j]!) > Math.abs(lu[pivot * n + j]!)) pivot = i;
    const value = lu[pivot * n + j]!;
    if (!(Math.abs(value) > n * 2 ** -53 * scale)) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `The ${n} × ${n} matrix has no inverse: some of its columns depend on each other.`,
        { size: n, column: j },
      );
    }
    swapRows(lu, n, j, pivot);
    swapRows(x.data, k, j, pivot);
    for (let i = j + 1; i < n; i++) {
      const f = lu[i * n + j]! / value;
      if (f === 0) continue;
      for (let c = j + 1; c < n; c++) lu[i * n + c]! -= f * lu[j * n + c]!;
      for (let c = 0; c < k; c++) x.data[i * k + c]! -= f * x.data[j * k + c]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < k; c++) {
      let sum = x.data[i * k + c]!;
      for (let q = i + 1; q < n; q++) sum -= lu[i * n + q]! * x.data[q * k + c]!;
      x.data[i * k + c] = sum / lu[i * n + i]!;
    }
  }
  return x;
}

/** A⁻¹. @throws EigenscopeError as solveLinear does. */
export const invert = (a: Matrix): Matrix => solveLinear(a, identity(a.rows));

function swapRows(data: Float64Array, width: number, i: number, j: number): void {
  if (i === j) return;
  const row = data.slice(i * width, (i + 1) * width);
  data.copyWithin(i * width, j * width, (j + 1) * width);
  data.set(row, j * width);
}
