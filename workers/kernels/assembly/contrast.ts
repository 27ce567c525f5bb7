// Contrast functions of independent component analysis over white samples, two at a time. A stretch of the sources stays
// in the first-level cache between the steps: u = w·Y, then g(u), g'(u) and G(u), then the products g·Yᵀ.
import { expNegative } from './exponential';
import { at, axpy, dot, get, madd64, put, sumLanes } from './vector';

/** Samples looked at together; even, and small enough that a product of as many numbers up to 2 has no overflow. */
const stretch: i32 = 512;

/** Doubles of scratch that contrastSums needs. */
export function contrastScratch(): i32 {
  return stretch;
}

/** Adds up g' and G over n values (even) and puts g(u) in place of u. */
// @ts-ignore: decorator
@inline
function applyLogcosh(n: i32, a: f64, u: usize, slope: usize, value: usize): void {
  const A = f64x2.splat(a);
  const one = f64x2.splat(1);
  const minusTwo = f64x2.splat(-2);
  let squares = f64x2.splat(0), sizes = squares, product = one;
  for (let i: i32 = 0; i < n; i += 2) {
    const x = f64x2.mul(A, v128.load(u));
    const size = f64x2.abs(x);
    const e = expNegative(f64x2.mul(minusTwo, size));
    const above = f64x2.add(one, e);
    const t = f64x2.div(f64x2.sub(one, e), above);
    squares = madd64(t, t, squares);
    sizes = f64x2.add(sizes, size);
    product = f64x2.mul(product, above);
    v128.store(u, v128.or(t, v128.and(x, f64x2.splat(-0.0))));
    u += 16;
  }
  // log cosh x = |x| + log(1 + e^(−2|x|)) − log 2: one logarithm of the product serves all
  const logs = Math.log(f64x2.extract_lane(product, 0)) + Math.log(f64x2.extract_lane(product, 1));
  store<f64>(slope, load<f64>(slope) + a * (<f64>n - sumLanes(squares)));
  store<f64>(value, load<f64>(value) + (sumLanes(sizes) + logs - <f64>n * 0.6931471805599453) / a);
}

// @ts-ignore: decorator
@inline
function applyExp(n: i32, a: f64, u: usize, slope: usize, value: usize): void {
  const A = f64x2.splat(a);
  const half = f64x2.splat(-0.5);
  const one = f64x2.splat(1);
  let slopes = f64x2.splat(0), values = slopes;
  for (let i: i32 = 0; i < n; i += 2) {
    const x = v128.load(u);
    const square = f64x2.mul(A, f64x2.mul(x, x));
    const e = expNegative(f64x2.mul(half, square));
    slopes = madd64(f64x2.sub(one, square), e, slopes);
    values = f64x2.add(values, e);
    v128.store(u, f64x2.mul(x, e));
    u += 16;
  }
  store<f64>(slope, load<f64>(slope) + sumLanes(slopes));
  store<f64>(value, load<f64>(value) - sumLanes(values) / a);
}

// @ts-ignore: decorator
@inline
function applyCube(n: i32, u: usize, slope: usize, value: usize): void {
  let squares = f64x2.splat(0), fourths = squares;
  for (let i: i32 = 0; i < n; i += 2) {
    const x = v128.load(u);
    const square = f64x2.mul(x, x);
    squares = f64x2.add(squares, square);
    fourths = madd64(square, square, fourths);
    v128.store(u, f64x2.mul(square, x));
    u += 16;
  }
  store<f64>(slope, load<f64>(slope) + 3 * sumLanes(squares));
  store<f64>(value, load<f64>(value) + 0.25 * sumLanes(fourths));
}

// @ts-ignore: decorator
@inline
function applySquare(n: i32, u: usize, slope: usize, value: usize): void {
  let sums = f64x2.splat(0), thirds = sums;
  for (let i: i32 = 0; i < n; i += 2) {
    const x = v128.load(u);
    const square = f64x2.mul(x, x);
    sums = f64x2.add(sums, x);
    thirds = madd64(square, x, thirds);
    v128.store(u, square);
    u += 16;
  }
  store<f64>(slope, load<f64>(slope) + 2 * sumLanes(sums));
  store<f64>(value, load<f64>(value) + sumLanes(thirds) / 3);
}

/**
 * For the m rows w of W (m × k) and samples y (columns of Y, k rows of `ld` bytes, n values each, n even): adds Σ g(w·y) y to
 * the rows of `products` (m × k), Σ g'(w·y) to `slopes` and Σ G(w·y) to `values` (m each).
 * @param kind 0: G = log cosh(a u)/a; 1: G = −e^(−a u²/2)/a; 2: G = u⁴/4; 3: G = u³/3; g and g' are its derivatives
 * @param scratch contrastScratch() doubles
 */
export function contrastSums(
  kind: i32, a: f64, n: i32, k: i32, m: i32, y: usize, ld: usize, w: usize, products: usize, slopes: usize, values: usize,
  scratch: usize,
): void {
  for (let j: i32 = 0; j < n; j += stretch) {
    const count = min<i32>(stretch, n - j);
    const samples = at(y, j);
    for (let i: i32 = 0; i < m; i++) {
      const row = at(w, i * k);
      memory.fill(scratch, 0, <usize>count << 3);
      for (let c: i32 = 0; c < k; c++) axpy(count, get(row, c), samples + <usize>c * ld, scratch);
      if (kind == 0) applyLogcosh(count, a, scratch, at(slopes, i), at(values, i));
      else if (kind == 1) applyExp(count, a, scratch, at(slopes, i), at(values, i));
      else if (kind == 2) applyCube(count, scratch, at(slopes, i), at(values, i));
      else applySquare(count, scratch, at(slopes, i), at(values, i));
      for (let c: i32 = 0; c < k; c++) {
        const place = i * k + c;
        put(products, place, get(products, place) + dot(count, scratch, samples + <usize>c * ld));
      }
    }
  }
}
