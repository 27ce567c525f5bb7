// The loss of robust low-rank fits and its gradient, row pair by row pair: one look at X. A stretch of a row's residual
// stays in the first-level cache between the steps; components go in groups of up to four, so that the eight spread
// coefficients of two rows, or their eight sums, stay in registers.
import { madd64, nmadd64, sumLanes } from './vector';

/** Values of a row looked at together; even. */
const stretch: i32 = 512;

/** Doubles of scratch that huberRows needs. */
export function huberScratch(): i32 {
  return 2 * stretch + 64;
}

// @ts-ignore: decorator
@inline
function coefficient(b: usize, k: i32): v128 {
  return v128.load64_splat(b + (<usize>k << 3));
}

/** Two rows of p −= Σ_k b_k v_k for w components from v on, over n values (even). */
// @ts-ignore: decorator
@inline
function subtract(w: i32, n: i32, v: usize, ldv: usize, b0: usize, b1: usize, p0: usize, p1: usize): void {
  const a0 = coefficient(b0, 0), c0 = coefficient(b1, 0);
  const a1 = w > 1 ? coefficient(b0, 1) : a0, c1 = w > 1 ? coefficient(b1, 1) : c0;
  const a2 = w > 2 ? coefficient(b0, 2) : a0, c2 = w > 2 ? coefficient(b1, 2) : c0;
  const a3 = w > 3 ? coefficient(b0, 3) : a0, c3 = w > 3 ? coefficient(b1, 3) : c0;
  for (let j: i32 = 0; j < n; j += 2) {
    let x = v128.load(p0), y = v128.load(p1);
    const v0 = v128.load(v);
    x = nmadd64(a0, v0, x);
    y = nmadd64(c0, v0, y);
    if (w > 1) {
      const v1 = v128.load(v + ldv);
      x = nmadd64(a1, v1, x);
      y = nmadd64(c1, v1, y);
    }
    if (w > 2) {
      const v2 = v128.load(v + 2 * ldv);
      x = nmadd64(a2, v2, x);
      y = nmadd64(c2, v2, y);
    }
    if (w > 3) {
      const v3 = v128.load(v + 3 * ldv);
      x = nmadd64(a3, v3, x);
      y = nmadd64(c3, v3, y);
    }
    v128.store(p0, x);
    v128.store(p1, y);
    v += 16;
    p0 += 16;
    p1 += 16;
  }
}

/** g_k += b_k c of two rows for w components, over n values (even). */
// @ts-ignore: decorator
@inline
function spread(w: i32, n: i32, g: usize, ldg: usize, b0: usize, b1: usize, c0: usize, c1: usize): void {
  const s0 = coefficient(b0, 0), t0 = coefficient(b1, 0);
  const s1 = w > 1 ? coefficient(b0, 1) : s0, t1 = w > 1 ? coefficient(b1, 1) : t0;
  const s2 = w > 2 ? coefficient(b0, 2) : s0, t2 = w > 2 ? coefficient(b1, 2) : t0;
  const s3 = w > 3 ? coefficient(b0, 3) : s0, t3 = w > 3 ? coefficient(b1, 3) : t0;
  for (let j: i32 = 0; j < n; j += 2) {
    const x = v128.load(c0), y = v128.load(c1);
    v128.store(g, madd64(s0, x, madd64(t0, y, v128.load(g))));
    if (w > 1) v128.store(g + ldg, madd64(s1, x, madd64(t1, y, v128.load(g + ldg))));
    if (w > 2) v128.store(g + 2 * ldg, madd64(s2, x, madd64(t2, y, v128.load(g + 2 * ldg))));
    if (w > 3) v128.store(g + 3 * ldg, madd64(s3, x, madd64(t3, y, v128.load(g + 3 * ldg))));
    g += 16;
    c0 += 16;
    c1 += 16;
  }
}

/** out_k += Σ_j c_j v_kj of two rows for w components, over n values (even). */
// @ts-ignore: decorator
@inline
function gather(w: i32, n: i32, v: usize, ldv: usize, c0: usize, c1: usize, out0: usize, out1: usize): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  for (let j: i32 = 0; j < n; j += 2) {
    const x = v128.load(c0), y = v128.load(c1);
    const v0 = v128.load(v);
    s0 = madd64(x, v0, s0);
    t0 = madd64(y, v0, t0);
    if (w > 1) {
      const v1 = v128.load(v + ldv);
      s1 = madd64(x, v1, s1);
      t1 = madd64(y, v1, t1);
    }
    if (w > 2) {
      const v2 = v128.load(v + 2 * ldv);
      s2 = madd64(x, v2, s2);
      t2 = madd64(y, v2, t2);
    }
    if (w > 3) {
      const v3 = v128.load(v + 3 * ldv);
      s3 = madd64(x, v3, s3);
      t3 = madd64(y, v3, t3);
    }
    v += 16;
    c0 += 16;
    c1 += 16;
  }
  store<f64>(out0, load<f64>(out0) + sumLanes(s0));
  store<f64>(out1, load<f64>(out1) + sumLanes(t0));
  if (w > 1) {
    store<f64>(out0, load<f64>(out0, 8) + sumLanes(s1), 8);
    store<f64>(out1, load<f64>(out1, 8) + sumLanes(t1), 8);
  }
  if (w > 2) {
    store<f64>(out0, load<f64>(out0, 16) + sumLanes(s2), 16);
    store<f64>(out1, load<f64>(out1, 16) + sumLanes(t2), 16);
  }
  if (w > 3) {
    store<f64>(out0, load<f64>(out0, 24) + sumLanes(s3), 24);
    store<f64>(out1, load<f64>(out1, 24) + sumLanes(t3), 24);
  }
}

function subtractGroup(w: i32, n: i32, v: usize, ldv: usize, b0: usize, b1: usize, p0: usize, p1: usize): void {
  if (w >= 4) subtract(4, n, v, ldv, b0, b1, p0, p1);
  else if (w == 3) subtract(3, n, v, ldv, b0, b1, p0, p1);
  else if (w == 2) subtract(2, n, v, ldv, b0, b1, p0, p1);
  else subtract(1, n, v, ldv, b0, b1, p0, p1);
}

function spreadGroup(w: i32, n: i32, g: usize, ldg: usize, b0: usize, b1: usize, c0: usize, c1: usize): void {
  if (w >= 4) spread(4, n, g, ldg, b0, b1, c0, c1);
  else if (w == 3) spread(3, n, g, ldg, b0, b1, c0, c1);
  else if (w == 2) spread(2, n, g, ldg, b0, b1, c0, c1);
  else spread(1, n, g, ldg, b0, b1, c0, c1);
}

function gatherGroup(w: i32, n: i32, v: usize, ldv: usize, c0: usize, c1: usize, out0: usize, out1: usize): void {
  if (w >= 4) gather(4, n, v, ldv, c0, c1, out0, out1);
  else if (w == 3) gather(3, n, v, ldv, c0, c1, out0, out1);
  else if (w == 2) gather(2, n, v, ldv, c0, c1, out0, out1);
  else gather(1, n, v, ldv, c0, c1, out0, out1);
}

/**
 * Of `rows` rows of X (rows × n): with R = X − B V and C = R limited to ±lambda, adds Σ C (R − C/2), the Huber loss, to
 * sums[0] and Σ C² to sums[1]; writes C Gᵀ (rows × r) to cg and adds Wᵀ C to wc (r × n).
 * B and W are rows × r; V, G and wc are r rows of `ld` bytes: n values and, where n is odd, one more that is 0.
 * @param scratch huberScratch() doubles
 */
export function huberRows(
  rows: i32, n: i32, r: i32, x: usize, b: usize, v: usize, w: usize, g: usize, ld: usize, lambda: f64,
  cg: usize, wc: usize, sums: usize, scratch: usize,
): void {
  const up = f64x2.splat(lambda);
  const down = f64x2.splat(-lambda);
  const half = f64x2.splat(0.5);
  const p0 = scratch;
  const p1 = p0 + <usize>stretch * 8;
  const wide = <usize>r << 3;
  const line = <usize>n << 3;
  let loss: f64 = 0;
  let square: f64 = 0;
  memory.fill(cg, 0, <usize>rows * wide);
  for (let i: i32 = 0; i < rows; i += 2) {
    // a last row alone is paired with itself; what the second one gives is set to 0
    const pair = i + 1 < rows;
    const next: usize = pair ? 1 : 0;
    const first = <usize>i * wide;
    const second = first + next * wide;
    const x0 = x + <usize>i * line;
    const x1 = x0 + next * line;
    for (let j: i32 = 0; j < n; j += stretch) {
      const count = min<i32>(stretch, n - j);
      const even = (count + 1) & ~1;
      const bytes = <usize>even << 3;
      const at = <usize>j << 3;
      memory.copy(p0, x0 + at, <usize>count << 3);
      memory.copy(p1, x1 + at, <usize>count << 3);
      if (even > count) {
        store<f64>(p0 + (<usize>count << 3), 0);
        store<f64>(p1 + (<usize>count << 3), 0);
      }
      for (let k: i32 = 0; k < r; k += 4) {
        const shift = <usize>k << 3;
        subtractGroup(r - k, even, v + <usize>k * ld + at, ld, b + first + shift, b + second + shift, p0, p1);
      }
      let h0 = f64x2.splat(0), h1 = h0, q0 = h0, q1 = h0;
      for (let t: usize = 0; t < bytes; t += 16) {
        const e0 = v128.load(p0 + t), e1 = v128.load(p1 + t);
        const c0 = f64x2.pmax(down, f64x2.pmin(up, e0));
        const c1 = f64x2.pmax(down, f64x2.pmin(up, e1));
        h0 = madd64(c0, nmadd64(half, c0, e0), h0);
        h1 = madd64(c1, nmadd64(half, c1, e1), h1);
        q0 = madd64(c0, c0, q0);
        q1 = madd64(c1, c1, q1);
        v128.store(p0 + t, c0);
        v128.store(p1 + t, c1);
      }
      loss += sumLanes(h0);
      square += sumLanes(q0);
      if (pair) {
        loss += sumLanes(h1);
        square += sumLanes(q1);
      } else memory.fill(p1, 0, bytes);
      for (let k: i32 = 0; k < r; k += 4) {
        const shift = <usize>k << 3;
        const top = <usize>k * ld + at;
        spreadGroup(r - k, even, wc + top, ld, w + first + shift, w + second + shift, p0, p1);
        gatherGroup(r - k, even, g + top, ld, p0, p1, cg + first + shift, cg + second + shift);
      }
    }
  }
  store<f64>(sums, load<f64>(sums) + loss);
  store<f64>(sums, load<f64>(sums, 8) + square, 8);
}
