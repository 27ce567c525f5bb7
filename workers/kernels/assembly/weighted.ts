// Inner loops of weighted least squares (MLPCA).
import { get, madd64, nmadd64, put, sumLanes } from './vector';

const lowestNormal: f64 = 2.2250738585072014e-308;

/** One value: see weighValues. Returns w x². */
function weighOne(x: usize, v: usize, w: usize, wx: usize, state: usize): f64 {
  const variance = load<f64>(v);
  const value = load<f64>(x);
  const finite = value - value == 0;
  if (variance < 0) {
    put(state, 0, get(state, 0) + 1);
    if (variance < get(state, 1)) put(state, 1, variance);
  }
  if (!finite || !(variance < f64.MAX_VALUE)) {
    put(state, 2, get(state, 2) + 1);
    store<f64>(x, 0);
    store<f64>(w, 0);
    store<f64>(wx, 0);
    return 0;
  }
  const weight: f64 = variance >= lowestNormal ? 1 / variance : 1;
  const product = weight * value;
  store<f64>(w, weight);
  store<f64>(wx, product);
  return product * value;
}

/**
 * Weights w = 1/variance and products w·x of n values. A variance of 0 gives the weight 1; a value that is not a finite
 * number, or of infinite or unknown variance, gets the weight 0 and becomes 0 in x. `v` may be `x` or `w`.
 * `state` is three numbers, added to: negative variances, the lowest of them, values without weight. Returns Σ w x².
 */
export function weighValues(n: i32, x: usize, v: usize, w: usize, wx: usize, state: usize): f64 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const least = f64x2.splat(lowestNormal);
  const most = f64x2.splat(f64.MAX_VALUE);
  let sum = zero;
  let rest: f64 = 0;
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2) {
    const value = v128.load(x);
    const given = v128.load(v);
    const variance = v128.bitselect(one, given, f64x2.eq(given, zero));
    const usual = v128.and(
      v128.and(f64x2.ge(variance, least), f64x2.lt(variance, most)),
      f64x2.eq(f64x2.sub(value, value), zero),
    );
    if (i64x2.all_true(usual)) {
      const weight = f64x2.div(one, variance);
      const product = f64x2.mul(weight, value);
      v128.store(w, weight);
      v128.store(wx, product);
      sum = madd64(product, value, sum);
    } else {
      rest += weighOne(x, v, w, wx, state);
      rest += weighOne(x + 8, v + 8, w + 8, wx + 8, state);
    }
    x += 16;
    v += 16;
    w += 16;
    wx += 16;
  }
  if (i < n) rest += weighOne(x, v, w, wx, state);
  return sumLanes(sum) + rest;
}

/** Columns of a panel of Fᵀ. */
const panel: i32 = 4;

/**
 * out = w (x − L Fᵀ) of rows × cols values and Σ w (x − L Fᵀ)²; L is rows × p. F comes as panels of four columns of
 * Fᵀ, each p × 4, the last one filled up with zeros.
 */
export function weightedResidual(
  rows: i32, cols: i32, p: i32, x: usize, w: usize, l: usize, panels: usize, out: usize,
): f64 {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let rest: f64 = 0;
  const line = <usize>cols << 3;
  const lineOfL = <usize>p << 3;
  const whole = cols - (cols % panel);
  for (let i: i32 = 0; i < rows; i += 2) {
    // an odd last row is worked on twice, with the second result counted once
    const second: bool = i + 1 < rows;
    const below: usize = second ? line : 0;
    const belowL: usize = second ? lineOfL : 0;
    let f = panels;
    for (let j: i32 = 0; j < whole; j += panel) {
      let a0 = v128.load(x);
      let a1 = v128.load(x, 16);
      let b0 = v128.load(x + below);
      let b1 = v128.load(x + below, 16);
      let c = l;
      for (let k: i32 = 0; k < p; k++) {
        const f0 = v128.load(f);
        const f1 = v128.load(f, 16);
        const s = v128.load64_splat(c);
        const t = v128.load64_splat(c + belowL);
        a0 = nmadd64(s, f0, a0);
        a1 = nmadd64(s, f1, a1);
        b0 = nmadd64(t, f0, b0);
        b1 = nmadd64(t, f1, b1);
        f += 32;
        c += 8;
      }
      const ra0 = f64x2.mul(v128.load(w), a0);
      const ra1 = f64x2.mul(v128.load(w, 16), a1);
      v128.store(out, ra0);
      v128.store(out, ra1, 16);
      sum0 = madd64(ra0, a0, sum0);
      sum1 = madd64(ra1, a1, sum1);
      if (second) {
        const rb0 = f64x2.mul(v128.load(w + below), b0);
        const rb1 = f64x2.mul(v128.load(w + below, 16), b1);
        v128.store(out + below, rb0);
        v128.store(out + below, rb1, 16);
        sum0 = madd64(rb0, b0, sum0);
        sum1 = madd64(rb1, b1, sum1);
      }
      x += 32;
      w += 32;
      out += 32;
    }
    for (let j = whole; j < cols; j++) {
      for (let r: usize = 0; r <= <usize>second; r++) {
        let d = load<f64>(x + r * below);
        for (let k: i32 = 0; k < p; k++) d -= get(l + r * belowL, k) * get(f, k * panel + (j - whole));
        const weighted = load<f64>(w + r * below) * d;
        store<f64>(out + r * below, weighted);
        rest += weighted * d;
      }
      x += 8;
      w += 8;
      out += 8;
    }
    x += below;
    w += below;
    out += below;
    l += lineOfL << 1;
  }
  return sumLanes(f64x2.add(sum0, sum1)) + rest;
}
