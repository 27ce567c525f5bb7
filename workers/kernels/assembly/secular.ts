// The rank-one update at the heart of divide and conquer: eigenpairs of diag(d) + rho z zᵀ, from the secular equation
// 1 + rho Σ z_j² / (d_j − λ) = 0 (Cuppen 1981), solved by the "middle way" rational iteration (R.-C. Li, LAPACK Working
// Note 89) inside a bracket. Each root is kept as its distance tau from the nearest d, so that all differences d_j − λ
// are accurate, and vectors are built from a recomputed z (Gu & Eisenstat 1994), which makes them orthogonal.
import { get, put, sumLanes } from './vector';

const epsilon: f64 = 2.220446049250313e-16;

/** Results of the last call of `sums`. */
let total: f64 = 0;
let slope: f64 = 0;

/** total = Σ z_j² / Δ_j, slope = Σ z_j² / Δ_j² for from ≤ j < to, Δ_j = (d_j − origin) − tau. */
function sums(from: i32, to: i32, d: usize, squares: usize, origin: f64, tau: f64): void {
  const O = f64x2.splat(origin);
  const T = f64x2.splat(tau);
  let s: v128 = f64x2.splat(0);
  let t: v128 = f64x2.splat(0);
  let j: i32 = from;
  for (; j + 2 <= to; j += 2) {
    const at = <usize>j << 3;
    const delta = f64x2.sub(f64x2.sub(v128.load(d + at), O), T);
    const ratio = f64x2.div(v128.load(squares + at), delta);
    s = f64x2.add(s, ratio);
    t = f64x2.add(t, f64x2.div(ratio, delta));
  }
  total = sumLanes(s);
  slope = sumLanes(t);
  if (j < to) {
    const delta = get(d, j) - origin - tau;
    const ratio = get(squares, j) / delta;
    total += ratio;
    slope += ratio / delta;
  }
}

/** A point well inside the bracket, which does not contain 0: the scale of the root is unknown near a pole. */
function inside(lo: f64, hi: f64): f64 {
  if (lo == 0) return hi / 1024;
  if (hi == 0) return lo / 1024;
  if (lo > 0 && hi > 4 * lo) return sqrt(lo) * sqrt(hi);
  if (hi < 0 && lo < 4 * hi) return -sqrt(-lo) * sqrt(-hi);
  return lo + (hi - lo) / 2;
}

/** tau and origin of root i; count ≥ 2, Σ squares = 1, rho > 0. Returns tau; the origin's index goes to `originAt`. */
function solveRoot(i: i32, count: i32, d: usize, squares: usize, rho: f64, originAt: usize): f64 {
  const inverse = 1 / rho;
  const last = i == count - 1;
  // the two poles of the interpolation
  const left: i32 = last ? i - 1 : i;
  const right: i32 = left + 1;
  const gap = get(d, right) - get(d, left);
  const zl = get(squares, left);
  const zr = get(squares, right);
  let origin: i32;
  let lo: f64;
  let hi: f64;
  let tau: f64;
  if (last) {
    origin = i;
    const middle = rho / 2;
    sums(0, i - 1, d, squares, get(d, i), middle);
    const c = inverse + total;
    const w = c + zl / (-gap - middle) + zr / -middle;
    const a = -c * gap + zl + zr;
    const b = zr * gap;
    const root = sqrt(abs(a * a + 4 * b * c));
    tau = a < 0 ? (2 * b) / (root - a) : (a + root) / (2 * c);
    if (w <= 0) {
      lo = middle;
      // rounding may put the root of a far isolated pole at the very end
      hi = rho * (1 + 4 * epsilon);
      if (c <= zl / (gap + rho) + zr / rho) tau = rho;
    } else {
      lo = 0;
      hi = middle;
    }
  } else {
    const middle = gap / 2;
    sums(0, i, d, squares, get(d, i), middle);
    let c = inverse + total;
    sums(i + 2, count, d, squares, get(d, i), middle);
    c += total;
    if (c - zl / middle + zr / middle > 0) {
      origin = left;
      lo = 0;
      hi = middle;
      const a = c * gap + zl + zr;
      const b = zl * gap;
      const root = sqrt(abs(a * a - 4 * b * c));
      tau = a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * c);
    } else {
      origin = right;
      lo = -middle;
      hi = 0;
      const a = c * gap - zl - zr;
      const b = zr * gap;
      const root = sqrt(abs(a * a + 4 * b * c));
      tau = a < 0 ? (2 * b) / (a - root) : -(a + root) / (2 * c);
    }
  }
  store<i32>(originAt, origin);
  const base = get(d, origin);
  const toLeft = get(d, left) - base;
  const toRight = get(d, right) - base;
  for (let step: i32 = 0; step < 100; step++) {
    if (!(tau > lo && tau < hi)) tau = inside(lo, hi);
    sums(0, left + 1, d, squares, base, tau);
    const psi = total;
    const psiSlope = slope;
    sums(left + 1, count, d, squares, base, tau);
    const w = inverse + psi + total;
    const dw = psiSlope + slope;
    if (abs(w) <= epsilon * (8 * (abs(psi) + abs(total)) + 2 * inverse + abs(tau) * dw)) break;
    if (w < 0) lo = tau;
    else hi = tau;
    if (hi - lo <= epsilon * max<f64>(abs(lo), abs(hi))) break;
    const dl = toLeft - tau;
    const dr = toRight - tau;
    let c = w - dl * psiSlope - dr * slope;
    const a = (dl + dr) * w - dl * dr * dw;
    const b = dl * dr * w;
    let eta: f64;
    if (last) {
      c = abs(c);
      const root = sqrt(abs(a * a - 4 * b * c));
      eta = c == 0 ? hi - tau : a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
    } else {
      const root = sqrt(abs(a * a - 4 * b * c));
      eta = c == 0 ? b / a : a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
    }
    // f grows between its poles: a step that does not lead towards the root is replaced by Newton's
    if (!(w * eta < 0)) eta = -w / dw;
    const next = tau + eta;
    if (next == tau) break;
    tau = next;
  }
  return tau;
}

/**
 * Roots from … to − 1 of the secular equation with `count` poles d, ascending and distinct, and z² in `squares`, of sum 1.
 * values[i] is root i; row i of `differences` (count × count) receives d_j − root i.
 */
export function secularRoots(
  count: i32, d: usize, squares: usize, rho: f64, values: usize, differences: usize, from: i32, to: i32, originAt: usize,
): void {
  for (let i: i32 = from; i < to; i++) {
    let tau = rho;
    store<i32>(originAt, 0);
    if (count > 1) tau = solveRoot(i, count, d, squares, rho, originAt);
    const base = get(d, load<i32>(originAt));
    put(values, i, base + tau);
    const row = differences + ((<usize>i * <usize>count) << 3);
    for (let j: i32 = 0; j < count; j++) put(row, j, get(d, j) - base - tau);
  }
}

/** Replaces z by the one for which the computed roots are exact: z_j² ∝ Π_i (root i − d_j) / Π_{i ≠ j} (d_i − d_j). */
export function secularWeights(count: i32, d: usize, differences: usize, z: usize, work: usize): void {
  for (let j: i32 = 0; j < count; j++) put(work, j, 1);
  for (let i: i32 = 0; i < count; i++) {
    const row = differences + ((<usize>i * <usize>count) << 3);
    const di = get(d, i);
    for (let j: i32 = 0; j < i; j++) put(work, j, get(work, j) * (get(row, j) / (get(d, j) - di)));
    put(work, i, get(work, i) * get(row, i));
    for (let j: i32 = i + 1; j < count; j++) put(work, j, get(work, j) * (get(row, j) / (get(d, j) - di)));
  }
  for (let j: i32 = 0; j < count; j++) put(z, j, copysign<f64>(sqrt(abs(get(work, j))), get(z, j)));
}

/** Turns rows from … to − 1 of `differences` into unit eigenvectors, entry j going to place places[j]. */
export function secularVectors(
  count: i32, z: usize, places: usize, differences: usize, from: i32, to: i32, work: usize,
): void {
  for (let i: i32 = from; i < to; i++) {
    const row = differences + ((<usize>i * <usize>count) << 3);
    let square: f64 = 0;
    for (let j: i32 = 0; j < count; j++) {
      const x = get(z, j) / get(row, j);
      put(work, load<i32>(places + (<usize>j << 2)), x);
      square += x * x;
    }
    const f = 1 / sqrt(square);
    for (let j: i32 = 0; j < count; j++) put(row, j, get(work, j) * f);
  }
}
