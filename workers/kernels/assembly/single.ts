// Between double and single precision, with a factor: a power of two keeps the digits and brings values into range.

/** float32 ← f · float64 */
export function demoteScaled(n: i32, f: f64, from: usize, to: usize): void {
  const F = f64x2.splat(f);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    const low = f32x4.demote_f64x2_zero(f64x2.mul(F, v128.load(from)));
    const high = f32x4.demote_f64x2_zero(f64x2.mul(F, v128.load(from, 16)));
    v128.store(to, i64x2.shuffle(low, high, 0, 2));
    from += 32;
    to += 16;
  }
  for (; i < n; i++) {
    store<f32>(to, <f32>(f * load<f64>(from)));
    from += 8;
    to += 4;
  }
}

/** float64 += f · float32 */
export function addScaled(n: i32, f: f64, from: usize, to: usize): void {
  const F = f64x2.splat(f);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(from));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(from, 8));
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(F, low)));
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(F, high)), 16);
    from += 16;
    to += 32;
  }
  for (; i < n; i++) {
    store<f64>(to, load<f64>(to) + f * <f64>load<f32>(from));
    from += 4;
    to += 8;
  }
}
