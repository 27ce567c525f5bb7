import type { Kernels } from '../kernels/kernels.ts';
import type { Check } from './control-check.ts';
import { deflate } from './deflation.ts';
import type { Deflation } from './deflation.ts';
import { tridiagonalQl } from './tridiagonal-ql.ts';
import type { Reduction } from './tridiagonalize.ts';

/** Below this size QL is faster. */
const leafSize = 48;
/** Multiplications of one kernel call: about 0.2 s. */
const workPerCall = 2e9;

/** What is needed to work on a part of the matrix. */
interface Problem {
  k: Kernels;
  n: number;
  /** n × n values: the eigenvectors of part lo … hi − 1 are rows lo … hi − 1, columns lo … hi − 1; zeros elsewhere */
  rows: number;
  diagonal: number;
  offDiagonal: number;
  /** the couplings, as QL overwrites them */
  couplings: Float64Array;
  check: Check;
}

/**
 * All eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer: the matrix is torn into two,
 * and the halves' solutions are joined by a rank-one update, most of which is matrix products.
 * `reduction.diagonal` holds the values on return, in no order; row i of `rows` (n × n) the vector of value i.
 *
 * @see Gu & Eisenstat, SIAM J. Matrix Anal. Appl. 16, 172 (1995); Rutter, UC Berkeley CSD-94-799 (LAPACK's dstedc).
 */
export function divideAndConquer(k: Kernels, reduction: Reduction, rows: number, check: Check): void {
  const { n, diagonal, offDiagonal } = reduction;
  const couplings = k.f64(offDiagonal, n).slice();
  const z = k.f64(rows, n * n).fill(0);
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  solvePart({ k, n, rows, diagonal, offDiagonal, couplings, check }, 0, n);
}

function solvePart(problem: Problem, lo: number, hi: number): void {
  const { k, n, rows, diagonal, offDiagonal, couplings, check } = problem;
  check();
  if (hi - lo <= leafSize) {
    const corner = rows + (lo * n + lo) * 8;
    tridiagonalQl(k, hi - lo, diagonal + lo * 8, offDiagonal + lo * 8, 1, check, corner, n * 8, hi - lo);
    return;
  }
  const middle = (lo + hi) >> 1;
  const coupling = couplings[middle - 1]!;
  const d = k.f64(diagonal, n);
  d[middle - 1]! -= Math.abs(coupling);
  d[middle]! -= Math.abs(coupling);
  solvePart(problem, lo, middle);
  solvePart(problem, middle, hi);
  if (coupling !== 0) join(problem, lo, middle, hi, coupling);
}

/** Joins two solved parts: diag(d) + 2 |coupling| z zᵀ, z from the last row of one part and the first of the other. */
function join(problem: Problem, lo: number, middle: number, hi: number, coupling: number): void {
  const { k, n, rows, diagonal, check } = problem;
  const size = hi - lo;
  const values = k.f64(diagonal, n).slice(lo, hi);
  const all = k.f64(rows, n * n);
  const z = Float64Array.from({ length: size }, (_, i) => {
    const row = (lo + i) * n;
    return (lo + i < middle ? all[row + middle - 1]! : Math.sign(coupling) * all[row + middle]!) * Math.SQRT1_2;
  });
  const rowAt = (i: number): number => rows + ((lo + i) * n + lo) * 8;
  const found = deflate(values, z, 2 * Math.abs(coupling), middle - lo, (p, q, c, s) =>
    k.run.rotate(size, rowAt(p), rowAt(q), c, -s),
  );
  k.scope((allocate) => {
    // rows to be combined, each group with the half of the columns it lives in, and rows that stay
    const { top, mixed, bottom, deflated } = found;
    const [n1, n2] = [middle - lo, hi - middle];
    const upper = [...top, ...mixed];
    const lower = [...mixed, ...bottom];
    const count = top.length + lower.length;
    const upperRows = allocate(upper.length * n1 * 8);
    const lowerRows = allocate(lower.length * n2 * 8);
    const stayingRows = allocate(deflated.length * size * 8);
    const secular = allocate(count * count * 8);
    const scratch = allocate(k.run.scratch64(Math.max(n1, n2)));
    const newValues = solveSecular(problem, found, secular, count);

    const source = k.f64(rows, n * n);
    const copy = (from: readonly number[], column: number, width: number, to: number): void => {
      const target = k.f64(to, from.length * width);
      from.forEach((i, q) => {
        const start = (lo + i) * n + column;
        target.set(source.subarray(start, start + width), q * width);
      });
    };
    copy(upper, lo, n1, upperRows);
    copy(lower, middle, n2, lowerRows);
    copy(deflated, lo, size, stayingRows);
    for (let i = lo; i < hi; i++) source.fill(0, i * n + lo, i * n + hi);
    check();

    const step = Math.max(96, Math.floor(workPerCall / (count * size + 1) / 96) * 96);
    for (let i = 0; i < count; i += step) {
      check();
      const m = Math.min(step, count - i);
      const left = secular + i * count * 8;
      k.run.gemm64(m, n1, upper.length, left, count * 8, false, upperRows, n1 * 8, false, rowAt(i), n * 8, scratch);
      k.run.gemm64(
        m,
        n2,
        lower.length,
        left + top.length * 8,
        count * 8,
        false,
        lowerRows,
        n2 * 8,
        false,
        rowAt(i) + n1 * 8,
        n * 8,
        scratch,
      );
    }
    const staying = k.f64(stayingRows, deflated.length * size);
    deflated.forEach((_, q) => source.set(staying.subarray(q * size, (q + 1) * size), (lo + count + q) * n + lo));
    const d = k.f64(diagonal, n);
    d.set(newValues, lo);
    deflated.forEach((i, q) => (d[lo + count + q] = values[i]!));
  });
}

/** Fills `secular` (count × count) with the eigenvectors as rows, columns in the order top, mixed, bottom. */
function solveSecular(problem: Problem, found: Deflation, secular: number, count: number): Float64Array {
  const { k, check } = problem;
  if (count === 0) return new Float64Array(0);
  return k.scope((allocate) => {
    const bytes = count * 8;
    const [d, z, squares, values, work] = [
      allocate(bytes),
      allocate(bytes),
      allocate(bytes),
      allocate(bytes),
      allocate(bytes),
    ];
    const places = allocate(count * 4);
    const originAt = allocate(16);
    // z is made a unit vector for the solver
    const square = found.kept.reduce((sum, i) => sum + found.z[i]! ** 2, 0);
    const place = new Map([...found.top, ...found.mixed, ...found.bottom].map((i, q) => [i, q]));
    k.f64(d, count).set(found.kept.map((i) => found.values[i]!));
    k.f64(z, count).set(found.kept.map((i) => found.z[i]!));
    k.f64(squares, count).set(found.kept.map((i) => found.z[i]! ** 2 / square));
    k.i32(places, count).set(found.kept.map((i) => place.get(i)!));
    const rho = found.rho * square;
    const step = Math.max(1, Math.floor(2e7 / count));
    for (let from = 0; from < count; from += step) {
      check();
      const to = Math.min(from + step, count);
      k.run.secularRoots(count, d, squares, rho, values, secular, from, to, originAt);
    }
    check();
    k.run.secularWeights(count, d, secular, z, work);
    check();
    k.run.secularVectors(count, z, places, secular, 0, count, work);
    return k.f64(values, count).slice();
  });
}
