// Householder reduction of a symmetric matrix to tridiagonal form (Golub & Van Loan, 4th ed., 8.3.1), last row first.
// The rank-2 update of one step and the matrix-vector product of the next are done in one pass over the matrix, because
// the pass is bound by memory, not by arithmetic. (Gathering the updates into matrix products, as LAPACK's dlatrd does,
// was tried: somewhat slower at n = 1024, no faster at 4096.)
import { axpy, dot, get, madd64, nmadd64, put, sumLanes } from './vector';

/** Below this squared norm (the matrix is scaled to about 1) a column counts as zero: its square would lose digits. */
const negligible: f64 = 1e-280;

/**
 * Rows i and i + 1 (i even) over their first i columns: row ← row − v_i w − w_i v, y += u_i · row. The sums row·u go to
 * `sums`. v, w, u and y are loaded once for both rows.
 */
function updateRows(i: i32, row: usize, ld: usize, v: usize, w: usize, u: usize, y: usize, sums: usize): void {
  const V0 = f64x2.splat(get(v, i));
  const V1 = f64x2.splat(get(v, i + 1));
  const W0 = f64x2.splat(get(w, i));
  const W1 = f64x2.splat(get(w, i + 1));
  const U0 = f64x2.splat(get(u, i));
  const U1 = f64x2.splat(get(u, i + 1));
  let s0: v128 = f64x2.splat(0);
  let s1: v128 = f64x2.splat(0);
  const next = row + ld;
  for (let k: usize = 0, end = <usize>i << 3; k < end; k += 16) {
    const vk = v128.load(v + k);
    const wk = v128.load(w + k);
    const uk = v128.load(u + k);
    const r0 = nmadd64(W0, vk, nmadd64(V0, wk, v128.load(row + k)));
    const r1 = nmadd64(W1, vk, nmadd64(V1, wk, v128.load(next + k)));
    v128.store(row + k, r0);
    v128.store(next + k, r1);
    s0 = madd64(r0, uk, s0);
    s1 = madd64(r1, uk, s1);
    v128.store(y + k, madd64(U1, r1, madd64(U0, r0, v128.load(y + k))));
  }
  store<f64>(sums, sumLanes(s0));
  store<f64>(sums, sumLanes(s1), 8);
}

/**
 * Columns `from` down to `to` (n − 1 ≥ from ≥ to ≥ 1) of the reduction of A, n × n, lower triangle, with entries of at
 * most about 1. Reflector j stays in row j, columns 0 … j − 1, its last entry being 1; tau[j] is its factor,
 * H = I − tau u uᵀ. The diagonal goes to d, e[j − 1] couples j − 1 and j. `work` is 4 n + 2 values, zero before the
 * first call and kept between calls. After the last step call tridiagonalEnd.
 */
export function tridiagonalSteps(
  n: i32, a: usize, ld: usize, d: usize, e: usize, tau: usize, work: usize, from: i32, to: i32,
): void {
  const v = work;
  const w = v + (<usize>n << 3);
  const u = w + (<usize>n << 3);
  const y = u + (<usize>n << 3);
  const sums = y + (<usize>n << 3);
  for (let j: i32 = from; j >= to; j--) {
    const row = a + <usize>j * ld;
    const vj = get(v, j);
    const wj = get(w, j);
    axpy(j + 1, -vj, w, row);
    axpy(j + 1, -wj, v, row);
    put(d, j, get(row, j));
    const alpha = get(row, j - 1);
    const rest = j > 1 ? dot(j - 1, row, row) : 0;
    let t: f64 = 0;
    let beta = alpha;
    if (rest > negligible) {
      beta = -copysign<f64>(sqrt(alpha * alpha + rest), alpha);
      t = (beta - alpha) / beta;
      const f = 1 / (alpha - beta);
      for (let k: i32 = 0; k < j - 1; k++) put(row, k, get(row, k) * f);
    } else memory.fill(row, 0, <usize>(j - 1) << 3);
    put(row, j - 1, 1);
    put(e, j - 1, beta);
    put(tau, j, t);
    memory.copy(u, row, <usize>j << 3);
    memory.fill(y, 0, <usize>j << 3);
    let i: i32 = 0;
    for (; i + 2 <= j; i += 2) {
      const r0 = a + <usize>i * ld;
      const r1 = r0 + ld;
      updateRows(i, r0, ld, v, w, u, y, sums);
      // the 2 × 2 corner on the diagonal
      const v0 = get(v, i);
      const v1 = get(v, i + 1);
      const w0 = get(w, i);
      const w1 = get(w, i + 1);
      const u0 = get(u, i);
      const u1 = get(u, i + 1);
      const a00 = get(r0, i) - 2 * v0 * w0;
      const a10 = get(r1, i) - v1 * w0 - w1 * v0;
      const a11 = get(r1, i + 1) - 2 * v1 * w1;
      put(r0, i, a00);
      put(r1, i, a10);
      put(r1, i + 1, a11);
      put(y, i, get(y, i) + load<f64>(sums) + a00 * u0 + a10 * u1);
      put(y, i + 1, get(y, i + 1) + load<f64>(sums, 8) + a10 * u0 + a11 * u1);
    }
    if (i < j) {
      const r = a + <usize>i * ld;
      const vi = get(v, i);
      const wi = get(w, i);
      const ui = get(u, i);
      axpy(i, -vi, w, r);
      axpy(i, -wi, v, r);
      const diagonal = get(r, i) - 2 * vi * wi;
      put(r, i, diagonal);
      axpy(i, ui, r, y);
      put(y, i, get(y, i) + dot(i, r, u) + diagonal * ui);
    }
    // next rank-2 update: v = u, w = tau y − (tau² / 2) (y·u) u
    const h = -0.5 * t * t * dot(j, y, u);
    for (let k: i32 = 0; k < j; k++) {
      const uk = get(u, k);
      put(w, k, t * get(y, k) + h * uk);
      put(v, k, uk);
    }
  }
}

/** Writes d[0], which the last step left pending. */
export function tridiagonalEnd(n: i32, a: usize, d: usize, work: usize): void {
  put(d, 0, get(a, 0) - 2 * get(work, 0) * get(work, n));
}
