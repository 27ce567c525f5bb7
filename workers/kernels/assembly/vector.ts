// Vector arithmetic common to all kernels. The two builds differ only here: with relaxed SIMD one instruction
// multiplies and adds (about +47 % in f64), without it two do. Last bits can differ between them.

/** a · b + c */
// @ts-ignore: decorator
@inline
export function madd64(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  else return f64x2.add(f64x2.mul(a, b), c);
}

/** c − a · b */
// @ts-ignore: decorator
@inline
export function nmadd64(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, c);
  else return f64x2.sub(c, f64x2.mul(a, b));
}

/** a · b + c */
// @ts-ignore: decorator
@inline
export function madd32(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function sumLanes(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Address of element i of an f64 array. */
// @ts-ignore: decorator
@inline
export function at(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

// @ts-ignore: decorator
@inline
export function get(base: usize, i: i32): f64 {
  return load<f64>(at(base, i));
}

// @ts-ignore: decorator
@inline
export function put(base: usize, i: i32, value: f64): void {
  store<f64>(at(base, i), value);
}

/** Σ a_i b_i, four independent sums so that additions overlap. */
export function dot(n: i32, a: usize, b: usize): f64 {
  let s0: v128 = f64x2.splat(0);
  let s1: v128 = f64x2.splat(0);
  let s2: v128 = f64x2.splat(0);
  let s3: v128 = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 8 <= n; i += 8) {
    s0 = madd64(v128.load(a), v128.load(b), s0);
    s1 = madd64(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = madd64(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = madd64(v128.load(a, 48), v128.load(b, 48), s3);
    a += 64;
    b += 64;
  }
  let s = sumLanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  for (; i < n; i++) {
    s += load<f64>(a) * load<f64>(b);
    a += 8;
    b += 8;
  }
  return s;
}

/** y += f · x */
export function axpy(n: i32, f: f64, x: usize, y: usize): void {
  const F = f64x2.splat(f);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(y, madd64(F, v128.load(x), v128.load(y)));
    v128.store(y, madd64(F, v128.load(x, 16), v128.load(y, 16)), 16);
    x += 32;
    y += 32;
  }
  for (; i < n; i++) {
    store<f64>(y, load<f64>(y) + f * load<f64>(x));
    x += 8;
    y += 8;
  }
}

export function scale(n: i32, f: f64, x: usize): void {
  for (let i: i32 = 0; i < n; i++) put(x, i, get(x, i) * f);
}

/** (a, b) ← (c·a − s·b, s·a + c·b) for two arrays of n values. */
export function rotate(n: i32, a: usize, b: usize, c: f64, s: f64): void {
  const C = f64x2.splat(c);
  const S = f64x2.splat(s);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2) {
    const x = v128.load(a);
    const y = v128.load(b);
    v128.store(a, nmadd64(S, y, f64x2.mul(C, x)));
    v128.store(b, madd64(S, x, f64x2.mul(C, y)));
    a += 16;
    b += 16;
  }
  if (i < n) {
    const x = load<f64>(a);
    const y = load<f64>(b);
    store<f64>(a, c * x - s * y);
    store<f64>(b, s * x + c * y);
  }
}

/** float32 values to float64. */
export function promote(n: i32, from: usize, to: usize): void {
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(from)));
    v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(from, 8)), 16);
    from += 16;
    to += 32;
  }
  for (; i < n; i++) {
    store<f64>(to, <f64>load<f32>(from));
    from += 4;
    to += 8;
  }
}
