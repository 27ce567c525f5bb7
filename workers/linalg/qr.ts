import { kernels } from '../kernels/kernels.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';
import { multiply } from './gemm.ts';
import { createMatrix, maxAbs, powerOfTwoNear, requireFinite } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/** A = Q R, Q with p = min(m, n) orthonormal columns, R p × n upper triangular. */
export interface Qr {
  q: Matrix;
  r: Matrix;
}

/** Rows reduced at once: with a few columns they stay in cache. */
const rowsAtOnce = 4096;

/**
 * Thin Householder QR. As in LAPACK the diagonal entry of R takes the sign opposite to the entry it replaces, so it is
 * usually negative, and a column that is already zero below the diagonal is left alone. Matrices of more than 4096 rows
 * and 4 n are reduced in pieces first (Demmel et al. 2012); the rule then holds for the stacked triangles.
 *
 * @throws EigenscopeError `not-finite`
 * @see Golub & Van Loan, 4th ed., 5.2.1.
 */
export function qrThin(a: Matrix, check: Check = neverCancelled): Qr {
  requireFinite(a, 'The matrix of a QR decomposition');
  return reduce(a, check);
}

function reduce(a: Matrix, check: Check): Qr {
  const { rows: m, cols: n } = a;
  const piece = Math.max(rowsAtOnce, 4 * n);
  if (m <= piece) return householder(a, check);
  const count = Math.ceil(m / piece);
  const q = createMatrix(m, n);
  const stacked = createMatrix(count * n, n);
  const startOf = (i: number): number => Math.floor((i * m) / count);
  for (let i = 0; i < count; i++) {
    const part = reducePiece(a, startOf(i), startOf(i + 1), check);
    q.data.set(part.q.data, startOf(i) * n);
    stacked.data.set(part.r.data, i * n * n);
  }
  const joined = reduce(stacked, check);
  for (let i = 0; i < count; i++) {
    const [from, to] = [startOf(i), startOf(i + 1)];
    const left = createMatrix(to - from, n, q.data.subarray(from * n, to * n));
    const right = createMatrix(n, n, joined.q.data.subarray(i * n * n, (i + 1) * n * n));
    q.data.set(multiply(left, right, { check }).data, from * n);
  }
  return { q, r: joined.r };
}

const reducePiece = (a: Matrix, from: number, to: number, check: Check): Qr =>
  householder(createMatrix(to - from, a.cols, a.data.subarray(from * a.cols, to * a.cols)), check);

/** Works on the columns of A, laid out one after the other in kernel memory. */
function householder(a: Matrix, check: Check): Qr {
  const { rows: m, cols: n } = a;
  const p = Math.min(m, n);
  const q = createMatrix(m, p);
  const r = createMatrix(p, n);
  const top = maxAbs(a.data);
  if (top === 0 || p === 0) {
    for (let j = 0; j < p; j++) q.data[j * p + j] = 1;
    return { q, r };
  }
  const scale = powerOfTwoNear(top);
  const k = kernels();
  return k.scope((allocate) => {
    const at = allocate(n * m * 8);
    const qt = allocate(p * m * 8);
    const tau = new Float64Array(p);
    const column = (base: number, j: number, row = 0): number => base + (j * m + row) * 8;
    const columns = k.f64(at, n * m);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) columns[j * m + i] = a.data[i * n + j]! / scale;

    for (let j = 0; j < p; j++) {
      if (j % 16 === 0) check();
      const length = m - j;
      const x = column(at, j, j);
      const alpha = columns[j * m + j]!;
      const rest = length > 1 ? k.run.dot(length - 1, x + 8, x + 8) : 0;
      // squares this small have lost digits; next to entries of about 1 they are nothing
      if (!(rest > 1e-280)) continue;
      const norm = Math.sqrt(alpha * alpha + rest);
      const beta = alpha < 0 || Object.is(alpha, -0) ? norm : -norm;
      tau[j] = (beta - alpha) / beta;
      for (let i = j + 1; i < m; i++) columns[j * m + i]! /= alpha - beta;
      columns[j * m + j] = 1;
      for (let c = j + 1; c < n; c++) reflect(length, x, column(at, c, j), tau[j]!);
      r.data[j * n + j] = beta;
    }
    for (let j = 0; j < p; j++) {
      if (tau[j] === 0) r.data[j * n + j] = columns[j * m + j]!;
      for (let c = j + 1; c < n; c++) r.data[j * n + c] = columns[c * m + j]!;
    }

    const orthonormal = k.f64(qt, p * m).fill(0);
    for (let j = 0; j < p; j++) orthonormal[j * m + j] = 1;
    for (let j = p - 1; j >= 0; j--) {
      if (j % 16 === 0) check();
      if (tau[j] === 0) continue;
      for (let c = j; c < p; c++) reflect(m - j, column(at, j, j), column(qt, c, j), tau[j]!);
    }
    for (let i = 0; i < m; i++) for (let j = 0; j < p; j++) q.data[i * p + j] = orthonormal[j * m + i]!;
    for (let i = 0; i < r.data.length; i++) r.data[i]! *= scale;
    return { q, r };
  });

  function reflect(length: number, u: number, x: number, factor: number): void {
    k.run.axpy(length, -factor * k.run.dot(length, u, x), u, x);
  }
}
