// The exponential of two numbers at a time.
import { madd64, nmadd64 } from './vector';

/** e^x for −700 ≤ x ≤ 0, and e^−700 below, to the last digit or two: x = n ln 2 + r, |r| ≤ ln 2 / 2, Taylor series of e^r. */
// @ts-ignore: decorator
@inline
export function expNegative(x: v128): v128 {
  x = f64x2.pmax(f64x2.splat(-700), x);
  // adding 1.5 · 2⁵² rounds to a whole number and leaves it in the low bits
  const shifter = f64x2.splat(6755399441055744.0);
  const t = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), shifter);
  const n = f64x2.sub(t, shifter);
  let r = nmadd64(n, f64x2.splat(0.693147180369123816490), x);
  r = nmadd64(n, f64x2.splat(1.90821492927058770002e-10), r);
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const c01 = f64x2.add(r, f64x2.splat(1));
  const c23 = madd64(r, f64x2.splat(1.0 / 6), f64x2.splat(0.5));
  const c45 = madd64(r, f64x2.splat(1.0 / 120), f64x2.splat(1.0 / 24));
  const c67 = madd64(r, f64x2.splat(1.0 / 5040), f64x2.splat(1.0 / 720));
  const c89 = madd64(r, f64x2.splat(1.0 / 362880), f64x2.splat(1.0 / 40320));
  const cab = madd64(r, f64x2.splat(1.0 / 39916800), f64x2.splat(1.0 / 3628800));
  const low = madd64(r2, c23, c01);
  const middle = madd64(r2, c67, c45);
  const high = madd64(r4, f64x2.splat(1.0 / 479001600), madd64(r2, cab, c89));
  const p = madd64(r4, madd64(r4, high, middle), low);
  return i64x2.add(p, i64x2.shl(t, 52));
}
