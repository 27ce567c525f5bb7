import { EigenscopeError } from '../model/errors.ts';
import { kernels } from '../kernels/kernels.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { backTransform, reflectorsOf } from './back-transform.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';
import { divideAndConquer } from './divide-and-conquer.ts';
import { topVectors } from './eigh-top.ts';
import { letGo } from './let-go.ts';
import { columns, createMatrix, identity, maxAbs, powerOfTwoNear, requireFinite, transpose } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { tridiagonalQl } from './tridiagonal-ql.ts';
import { tridiagonalize } from './tridiagonalize.ts';
import type { Reduction } from './tridiagonalize.ts';

export interface EighOptions {
  /** how many of the largest eigenvalues and their vectors; all by default */
  k?: number;
  check?: Check;
}

/** A = V diag(values) Vᵀ. */
export interface Eigen {
  /** descending, in units of A */
  values: Float64Array;
  /** n × k, one orthonormal eigenvector per column; signs are arbitrary */
  vectors: Matrix;
}

/** Inverse iteration pays up to this share of the vectors; beyond it orthogonalising a cluster takes as long. */
export const topShare = 0.1;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix (its lower triangle is used), float64. Values are accurate to about
 * 1e-15 · n · ‖A‖ and vectors are orthogonal to the same accuracy, whatever clusters there are.
 *
 * @throws EigenscopeError `shape-mismatch` when A is not square, `not-finite` naming the first NaN or infinity,
 *   `parameter-out-of-range` when k is not a whole number from 1 to n, whatever `check` throws.
 * @see Golub & Van Loan, Matrix Computations, 4th ed., 8.3; Parlett, The Symmetric Eigenvalue Problem, ch. 4 and 7.
 */
export function eigh(a: Matrix, options: EighOptions = {}): Eigen {
  const n = a.rows;
  const { k: wanted = n, check = neverCancelled } = options;
  if (!(Number.isInteger(wanted) && wanted <= n && (wanted >= 1 || n === 0))) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `The number of eigenvectors must be a whole number from 1 to ${n}; got ${wanted}.`,
      { wanted, size: n },
    );
  }
  const found = reduceAnd(a, check, (k, reduction) => {
    const top = wanted <= topShare * n ? topVectors(k, reduction, wanted, check) : null;
    return top ?? allVectors(k, reduction, wanted, check);
  });
  if (!found) return { values: new Float64Array(wanted), vectors: columns(identity(n), wanted) };
  const { result, scale } = found;
  return { values: result.values.map((x) => x * scale), vectors: result.vectors };
}

/**
 * Eigenvalues alone, descending: a third of the work or less.
 * @throws EigenscopeError as `eigh` does.
 */
export function eigenvalues(a: Matrix, check: Check = neverCancelled): Float64Array {
  const found = reduceAnd(a, check, (k, { n, diagonal, offDiagonal }) => {
    tridiagonalQl(k, n, diagonal, offDiagonal, 1, check);
    return k.f64(diagonal, n).slice().sort().reverse();
  });
  return found ? found.result.map((x) => x * found.scale) : new Float64Array(a.rows);
}

/** Tridiagonalises A / scale and hands it on; null when A is zero. */
function reduceAnd<T>(
  a: Matrix,
  check: Check,
  use: (k: Kernels, reduction: Reduction) => T,
): { result: T; scale: number } | null {
  const n = a.rows;
  if (a.cols !== n) {
    throw new EigenscopeError('shape-mismatch', `Eigenvectors need a square matrix; got ${a.rows} × ${a.cols}.`, {
      rows: a.rows,
      cols: a.cols,
    });
  }
  requireFinite(a, 'The symmetric matrix');
  const largest = maxAbs(a.data);
  if (largest === 0) return null;
  const scale = powerOfTwoNear(largest);
  const k = kernels();
  return k.scope((allocate) => {
    const address = allocate(n * n * 8);
    const copy = k.f64(address, n * n);
    for (let i = 0; i < a.data.length; i++) copy[i] = a.data[i]! / scale;
    return { result: use(k, tridiagonalize(k, n, address, allocate, check)), scale };
  });
}

/** All eigenvectors of T by divide and conquer; the `wanted` largest are transformed back and returned. */
function allVectors(k: Kernels, reduction: Reduction, wanted: number, check: Check): Eigen {
  const { n } = reduction;
  return k.scope((allocate) => {
    const rows = allocate(n * n * 8);
    const values = largestOfTridiagonal(k, reduction, rows, wanted, check);
    backTransform(k, reflectorsOf(k, reduction), rows, wanted, check);
    const gathered = createMatrix(wanted, n, k.f64(rows, wanted * n).slice());
    const vectors = transpose(gathered);
    letGo(gathered.data);
    return { values, vectors };
  });
}

/** Leaves the `wanted` largest eigenvectors of T as the first rows of n values at `rows` (n × n), by falling values. */
function largestOfTridiagonal(
  k: Kernels,
  reduction: Reduction,
  rows: number,
  wanted: number,
  check: Check,
): Float64Array {
  const { n } = reduction;
  divideAndConquer(k, reduction, rows, check);
  const values = k.f64(reduction.diagonal, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((p, q) => values[q]! - values[p]! || p - q);
  const chosen = order.slice(0, wanted);
  const sorted = k.f64(rows, n * n);
  const gathered = new Float64Array(wanted * n);
  chosen.forEach((from, i) => gathered.set(sorted.subarray(from * n, (from + 1) * n), i * n));
  sorted.set(gathered);
  letGo(gathered);
  return Float64Array.from(chosen, (i) => values[i]!);
}

/** What of an eigenproblem is left to be transformed back: rows of eigenvectors of T, and A = Q T Qᵀ. */
export interface TridiagonalEigen {
  /** descending, in units of A */
  values: Float64Array;
  tau: Float64Array;
}

/**
 * The first, serial part of `eigh` for many vectors: the `wanted` largest eigenvectors of T are written to the rows of
 * `vectors` (wanted × n), the reflectors to `reflectors` (n × n). The second, `backTransform`, may be cut by rows.
 * @returns null when A is zero
 */
export function eighTridiagonal(
  a: Matrix,
  wanted: number,
  vectors: Float64Array,
  reflectors: Float64Array,
  check: Check,
): TridiagonalEigen | null {
  const found = reduceAnd(a, check, (k, reduction) =>
    k.scope((allocate) => {
      const { n } = reduction;
      const rows = allocate(n * n * 8);
      const values = largestOfTridiagonal(k, reduction, rows, wanted, check);
      vectors.set(k.f64(rows, wanted * n));
      reflectors.set(k.f64(reduction.reflectors, n * n));
      return { values, tau: k.f64(reduction.tau, n).slice() };
    }),
  );
  return found && { values: found.result.values.map((x) => x * found.scale), tau: found.result.tau };
}
