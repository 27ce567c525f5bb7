// E and M step of Gaussian mixtures: from the standardized rows z of all components to probabilities and their sums.
import { expNegative } from './exponential';
import { at, get, madd64, put, sumLanes } from './vector';

/** Rows whose sums are multiplied before a logarithm is taken: the product of as many numbers up to 10⁹ has no overflow. */
const together: i32 = 32;
/** A probability that cannot change a sum, and whose square root would only lead to denormal numbers. */
const negligible: f64 = 1e-100;

/** z (rows × k·p) ← (x − μ_c) · inverse_c for every row x (rows × p) and component c. */
export function mixtureDeviations(
  rows: i32, k: i32, p: i32, x: usize, means: usize, inverse: usize, z: usize,
): void {
  for (let i: i32 = 0; i < rows; i++, x += <usize>p << 3) {
    let m = means;
    let f = inverse;
    for (let c: i32 = 0; c < k; c++) {
      let j: i32 = 0;
      for (; j + 2 <= p; j += 2, m += 16, f += 16, z += 16) {
        v128.store(z, f64x2.mul(f64x2.sub(v128.load(at(x, j)), v128.load(m)), v128.load(f)));
      }
      if (j < p) {
        store<f64>(z, (get(x, j) - load<f64>(m)) * load<f64>(f));
        m += 8;
        f += 8;
        z += 8;
      }
    }
  }
}

/**
 * For rows of z (rows × k·p): z ← z − shift; probabilities r_c ∝ exp(constants_c − ‖z_c‖²/2) by log-sum-exp; then, where
 * `weights` is not 0, adds Σ r to weights (k), Σ r z to first (k·p) and, where `second` is not 0, Σ r z² to second (k·p),
 * and leaves √r z in place of z.
 * @param shares probabilities (rows × k): written, or read where isGiven
 * @returns Σ log Σ_c exp(constants_c − ‖z_c‖²/2); 0 where isGiven
 */
export function weighMixture(
  rows: i32, k: i32, p: i32, z: usize, shift: usize, constants: usize, shares: usize, isGiven: bool,
  weights: usize, first: usize, second: usize,
): f64 {
  let total: f64 = 0;
  let product: f64 = 1;
  const line = <usize>p << 3;
  for (let i: i32 = 0; i < rows; i++, z += <usize>k * line, shares += <usize>k << 3) {
    let component = z;
    let s = shift;
    for (let c: i32 = 0; c < k; c++, component += line, s += line) {
      const square = subtract(p, s, component);
      if (!isGiven) put(shares, c, get(constants, c) - square / 2);
    }
    if (!isGiven) {
      let top: f64 = get(shares, 0);
      for (let c: i32 = 1; c < k; c++) top = max(top, get(shares, c));
      product *= normalize(k, top, shares);
      total += top;
      if ((i & (together - 1)) == together - 1) {
        total += Math.log(product);
        product = 1;
      }
    }
    if (weights == 0) continue;
    component = z;
    for (let c: i32 = 0; c < k; c++, component += line) {
      let r = get(shares, c);
      if (r < negligible) r = 0;
      put(weights, c, get(weights, c) + r);
      const from = <usize>c * line;
      weigh(p, sqrt(r), component, first + from, second == 0 ? 0 : second + from);
    }
  }
  return total + Math.log(product);
}

/** z ← z − shift over n values; returns Σ z². */
// @ts-ignore: decorator
@inline
function subtract(n: i32, shift: usize, z: usize): f64 {
  let squares = f64x2.splat(0);
  let j: i32 = 0;
  for (; j + 2 <= n; j += 2, shift += 16, z += 16) {
    const d = f64x2.sub(v128.load(z), v128.load(shift));
    v128.store(z, d);
    squares = madd64(d, d, squares);
  }
  let sum = sumLanes(squares);
  if (j < n) {
    const d = load<f64>(z) - load<f64>(shift);
    store<f64>(z, d);
    sum += d * d;
  }
  return sum;
}

/** Logarithms ← their exponentials divided by the sum of those; returns the sum of exp(log − top). */
// @ts-ignore: decorator
@inline
function normalize(k: i32, top: f64, logs: usize): f64 {
  const T = f64x2.splat(top);
  const least = f64x2.splat(-700);
  let sums = f64x2.splat(0);
  let c: i32 = 0;
  for (; c + 2 <= k; c += 2) {
    const x = f64x2.sub(v128.load(at(logs, c)), T);
    const e = v128.and(expNegative(x), f64x2.gt(x, least));
    v128.store(at(logs, c), e);
    sums = f64x2.add(sums, e);
  }
  let sum = sumLanes(sums);
  if (c < k) {
    const x = f64x2.splat(get(logs, c) - top);
    const e = f64x2.extract_lane(v128.and(expNegative(x), f64x2.gt(x, least)), 0);
    put(logs, c, e);
    sum += e;
  }
  for (c = 0; c < k; c++) put(logs, c, get(logs, c) / sum);
  return sum;
}

/** z ← root · z over n values; adds root · z to first and z² to second (of the new z). */
// @ts-ignore: decorator
@inline
function weigh(n: i32, root: f64, z: usize, first: usize, second: usize): void {
  const R = f64x2.splat(root);
  let j: i32 = 0;
  for (; j + 2 <= n; j += 2, z += 16, first += 16) {
    const d = f64x2.mul(R, v128.load(z));
    v128.store(z, d);
    v128.store(first, madd64(R, d, v128.load(first)));
    if (second == 0) continue;
    v128.store(second, madd64(d, d, v128.load(second)));
    second += 16;
  }
  if (j < n) {
    const d = root * load<f64>(z);
    store<f64>(z, d);
    store<f64>(first, load<f64>(first) + root * d);
    if (second != 0) store<f64>(second, load<f64>(second) + d * d);
  }
}
