import { EigenscopeError } from '../model/errors.ts';
import { kernels } from '../kernels/kernels.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';
import { eigh } from './eigh.ts';
import { multiply } from './gemm.ts';
import { columns, createMatrix, maxAbs, powerOfTwoNear, requireFinite, transpose } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { qrThin } from './qr.ts';
import { createRandom } from './random.ts';

export interface SvdOptions {
  /** how many of the largest singular values and vectors; min(m, n) by default */
  k?: number;
  check?: Check;
}

/** A ≈ U diag(s) Vᵀ. */
export interface Svd {
  /** m × k, orthonormal columns, also where s is 0; signs are arbitrary */
  u: Matrix;
  /** descending, in units of A */
  s: Float64Array;
  /** n × k, orthonormal columns */
  v: Matrix;
}

const epsilon = 2 ** -52;
const maxSweeps = 60;

/**
 * Dense singular value decomposition, accurate to about 1e-15 · s₁ for every value, graded and rank-deficient matrices
 * included. The eigenvectors of AᵀA, which are good down to 1e-8 · s₁, only prepare one-sided Jacobi rotations on A
 * itself: two or three sweeps then suffice.
 *
 * @throws EigenscopeError `not-finite`; `parameter-out-of-range` when k is not a whole number from 1 to min(m, n).
 * @see Drmač & Veselić, SIAM J. Matrix Anal. Appl. 29, 1322 (2008).
 */
export function svdThin(a: Matrix, options: SvdOptions = {}): Svd {
  const least = Math.min(a.rows, a.cols);
  const { k = least, check = neverCancelled } = options;
  if (!(Number.isInteger(k) && k <= least && (k >= 1 || least === 0))) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `The number of singular vectors must be a whole number from 1 to ${least}; got ${k}.`,
      { wanted: k, largest: least },
    );
  }
  requireFinite(a, 'The matrix of a singular value decomposition');
  if (a.rows < a.cols) {
    const { u, s, v } = decomposeTall(transpose(a), k, check);
    return { u: v, s, v: u };
  }
  return decomposeTall(a, k, check);
}

function decomposeTall(a: Matrix, k: number, check: Check): Svd {
  if (a.rows > 4 * a.cols && a.rows > 2000) {
    const { q, r } = qrThin(a, check);
    const inner = rotateColumns(r, k, check);
    return { ...inner, u: multiply(q, inner.u, { check }) };
  }
  return rotateColumns(a, k, check);
}

/** Singular vectors of A, m × n with m ≥ n. */
function rotateColumns(a: Matrix, wanted: number, check: Check): Svd {
  const { rows: m, cols: n } = a;
  const top = maxAbs(a.data);
  const scale = top === 0 ? 1 : powerOfTwoNear(top);
  const scaled = createMatrix(
    m,
    n,
    a.data.map((x) => x / scale),
  );
  const start = eigh(multiply(scaled, scaled, { transposeA: true, check }), { check }).vectors;
  const turned = multiply(start, scaled, { transposeA: true, transposeB: true, check });
  const startRows = transpose(start);
  const k = kernels();
  return k.scope((allocate) => {
    const b = allocate(n * m * 8);
    const v = allocate(n * n * 8);
    const squares = allocate(n * 8);
    const order = allocate(n * 4);
    k.f64(b, n * m).set(turned.data);
    k.f64(v, n * n).set(startRows.data);
    const sorted = orthogonalizeRows(k, { n, m, b, v, squares, order }, check);
    const chosen = sorted.subarray(0, wanted);
    const lengths = k.f64(squares, n);
    const values = Float64Array.from(chosen, (i) => Math.sqrt(lengths[i]!));
    const s = values.map((x) => x * scale);
    const u = createMatrix(m, wanted);
    const right = createMatrix(n, wanted);
    const rows = k.f64(b, n * m);
    const rightRows = k.f64(v, n * n);
    chosen.forEach((from, j) => {
      const length = values[j]!;
      for (let i = 0; i < m; i++) u.data[i * wanted + j] = length > 0 ? rows[from * m + i]! / length : 0;
      for (let i = 0; i < n; i++) right.data[i * wanted + j] = rightRows[from * n + i]!;
    });
    completeBasis(u, values);
    return { u, s, v: right };
  });
}

interface Rows {
  n: number;
  m: number;
  /** n rows of m values, to be made orthogonal */
  b: number;
  /** n rows of n values, rotated along */
  v: number;
  squares: number;
  order: number;
}

/** Sweeps until all rows are orthogonal to rounding; returns their indices, longest first. */
function orthogonalizeRows(k: Kernels, { n, m, b, v, squares, order }: Rows, check: Check): Int32Array {
  const tolerance = epsilon * Math.max(4, Math.sqrt(m));
  for (let sweep = 0; ; sweep++) {
    const lengths = k.f64(squares, n);
    for (let i = 0; i < n; i++) {
      const square = k.run.dot(m, b + i * m * 8, b + i * m * 8);
      // shorter than 1e-140 of the whole: nothing, and its square has no digits
      lengths[i] = square < 1e-280 ? 0 : square;
    }
    const sorted = Int32Array.from({ length: n }, (_, i) => i).sort((p, q) => lengths[q]! - lengths[p]! || p - q);
    k.i32(order, n).set(sorted);
    let rotations = 0;
    for (let p = 0; p < n - 1; p++) {
      check();
      rotations += k.run.orthogonalizeRow(p, n, m, b, n, v, squares, order, tolerance);
    }
    if (rotations === 0) return sorted;
    if (sweep === maxSweeps) {
      throw new EigenscopeError(
        'did-not-converge',
        `The singular value decomposition of a ${m} × ${n} matrix did not converge in ${maxSweeps} sweeps.`,
        { rows: m, cols: n, sweeps: maxSweeps },
      );
    }
  }
}

/** Fills the columns of U whose singular value is 0 with unit vectors orthogonal to all others. */
function completeBasis(u: Matrix, values: Float64Array): void {
  const { rows: m, cols: k } = u;
  const random = createRandom(1);
  for (let j = values.findIndex((x) => x === 0); j >= 0 && j < k; j++) {
    const x = new Float64Array(m);
    for (let tries = 0; ; tries++) {
      for (let i = 0; i < m; i++) x[i] = random.gaussian();
      const before = lengthOf(x);
      for (let pass = 0; pass < 3; pass++) {
        for (let c = 0; c < j; c++) {
          let product = 0;
          for (let i = 0; i < m; i++) product += x[i]! * u.data[i * k + c]!;
          for (let i = 0; i < m; i++) x[i]! -= product * u.data[i * k + c]!;
        }
      }
      // a random vector has a share of about 1 / √m outside the others
      if (lengthOf(x) > 1e-6 * before || tries === 20) break;
    }
    const length = lengthOf(x);
    for (let i = 0; i < m; i++) u.data[i * k + j] = x[i]! / length;
  }
}

const lengthOf = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));

/** Singular vectors of the first `count` values. */
export const truncateSvd = ({ u, s, v }: Svd, count: number): Svd => ({
  u: columns(u, count),
  s: s.slice(0, count),
  v: columns(v, count),
});
