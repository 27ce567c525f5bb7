// Implicit QL iteration for a symmetric tridiagonal matrix (Bowdler, Martin, Reinsch & Wilkinson 1968). Rotations can be
// recorded and applied afterwards to narrow panels that stay in cache, instead of one at a time to the whole matrix.
import { get, madd64, nmadd64, put } from './vector';

const epsilon: f64 = 2.220446049250313e-16;
/** After so many sweeps on one eigenvalue couplings that rounding alone may have made count as zero as well. */
const patience: i32 = 30;
const patientFloors: f64 = 256;
/** Squares below this lose digits. */
const tiny: f64 = 1e-280;
const up: f64 = 1.3407807929942597e154; // 2^512
const down: f64 = 7.458340731200207e-155; // 2^-512

/** √(f² + g²) for |f|, |g| of at most about 1. */
// @ts-ignore: decorator
@inline
function length(f: f64, g: f64): f64 {
  const square = f * f + g * g;
  if (square > tiny) return sqrt(square);
  const F = f * up;
  const G = g * up;
  return sqrt(F * F + G * G) * down;
}

/**
 * Up to `maxSweeps` sweeps on d (n values) and e (n values, e[i] couples i and i + 1, e[n − 1] unused).
 * `state` holds two int32: current eigenvalue (n when all are found) and sweeps spent on it; zero before the first call.
 * With `rotations` ≠ 0 each sweep writes its (c, s) pairs and a header {first row, count}; recording stops when fewer
 * than n free places of `capacity` pairs are left. Off-diagonals below `floor` count as zero, where an eigenvalue of high
 * multiplicity does not come to an end those below 256 of it.
 * Returns the number of sweeps, or −1 when an eigenvalue takes more than 100.
 */
export function qlSweeps(
  n: i32, d: usize, e: usize, rotations: usize, headers: usize, capacity: i32, maxSweeps: i32, floor: f64, state: usize,
): i32 {
  let sweeps: i32 = 0;
  let used: i32 = 0;
  let l = load<i32>(state);
  let spent = load<i32>(state, 4);
  while (l < n && sweeps < maxSweeps && (rotations == 0 || capacity - used >= n)) {
    let m = l;
    const least = spent < patience ? floor : floor * patientFloors;
    for (; m < n - 1; m++) {
      const coupling = abs(get(e, m));
      if (coupling <= epsilon * (abs(get(d, m)) + abs(get(d, m + 1))) || coupling <= least) break;
    }
    if (m == l) {
      l++;
      spent = 0;
      continue;
    }
    if (++spent > 100) return -1;
    let g = (get(d, l + 1) - get(d, l)) / (2 * get(e, l));
    // for huge g the square may overflow; √(g² + 1) is then |g|
    let r = abs(g) > 1e150 ? abs(g) : sqrt(g * g + 1);
    g = get(d, m) - get(d, l) + get(e, l) / (g + copysign<f64>(r, g));
    let s: f64 = 1;
    let c: f64 = 1;
    let p: f64 = 0;
    let count: i32 = 0;
    let i = m - 1;
    for (; i >= l; i--) {
      const f = s * get(e, i);
      const b = c * get(e, i);
      r = length(f, g);
      put(e, i + 1, r);
      if (r == 0) {
        put(d, i + 1, get(d, i + 1) - p);
        put(e, m, 0);
        break;
      }
      s = f / r;
      c = g / r;
      g = get(d, i + 1) - p;
      r = (get(d, i) - g) * s + 2 * c * b;
      p = s * r;
      put(d, i + 1, g + p);
      g = c * r - b;
      if (rotations != 0) {
        put(rotations, 2 * (used + count), c);
        put(rotations, 2 * (used + count) + 1, s);
      }
      count++;
    }
    if (rotations != 0) {
      store<i32>(headers + (<usize>sweeps << 3), m - 1);
      store<i32>(headers + (<usize>sweeps << 3), count, 4);
    }
    used += count;
    sweeps++;
    if (i >= l) continue; // split in the middle: look again
    put(d, l, get(d, l) - p);
    put(e, l, g);
    put(e, m, 0);
  }
  store<i32>(state, l);
  store<i32>(state, spent, 4);
  return sweeps;
}

/** Applies recorded sweeps to a panel of rows of 8 values (64 bytes each); eight columns are carried in registers. */
function rotatePanel(sweeps: i32, rotations: usize, headers: usize, panel: usize): void {
  let r = rotations;
  for (let q: i32 = 0; q < sweeps; q++) {
    const top = load<i32>(headers + (<usize>q << 3));
    const count = load<i32>(headers + (<usize>q << 3), 4);
    let p = panel + (<usize>(top + 1) << 6);
    let h0 = v128.load(p), h1 = v128.load(p, 16), h2 = v128.load(p, 32), h3 = v128.load(p, 48);
    for (let k: i32 = 0; k < count; k++) {
      const c = v128.load64_splat(r);
      const s = v128.load64_splat(r, 8);
      r += 16;
      const below = p - 64;
      const l0 = v128.load(below), l1 = v128.load(below, 16), l2 = v128.load(below, 32), l3 = v128.load(below, 48);
      v128.store(p, madd64(s, l0, f64x2.mul(c, h0)));
      v128.store(p, madd64(s, l1, f64x2.mul(c, h1)), 16);
      v128.store(p, madd64(s, l2, f64x2.mul(c, h2)), 32);
      v128.store(p, madd64(s, l3, f64x2.mul(c, h3)), 48);
      h0 = nmadd64(s, h0, f64x2.mul(c, l0));
      h1 = nmadd64(s, h1, f64x2.mul(c, l1));
      h2 = nmadd64(s, h2, f64x2.mul(c, l2));
      h3 = nmadd64(s, h3, f64x2.mul(c, l3));
      p = below;
    }
    v128.store(p, h0);
    v128.store(p, h1, 16);
    v128.store(p, h2, 32);
    v128.store(p, h3, 48);
  }
}

/**
 * Applies recorded sweeps to columns [from, to) of Z, whose n rows become eigenvectors. Columns are independent, so
 * ranges can be done in any order or on any thread. `panel` is 8 n values.
 */
export function applyRotations(
  n: i32, sweeps: i32, rotations: usize, headers: usize, z: usize, ldz: usize, from: i32, to: i32, panel: usize,
): void {
  for (let b: i32 = from; b < to; b += 8) {
    const bytes = <usize>min<i32>(8, to - b) << 3;
    const corner = z + (<usize>b << 3);
    for (let i: usize = 0; i < <usize>n; i++) memory.copy(panel + (i << 6), corner + i * ldz, bytes);
    rotatePanel(sweeps, rotations, headers, panel);
    for (let i: usize = 0; i < <usize>n; i++) memory.copy(corner + i * ldz, panel + (i << 6), bytes);
  }
}
