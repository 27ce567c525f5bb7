/*
 * Inverse cosine transform of 8 × 8 coefficients after Loeffler, Ligtenberg and Moschytz (ICASSP 1989, p. 988) in
 * integers of 13 bits after the point with two passes. The rounding is that of the Independent JPEG Group's accurate
 * integer method, which nearly all programs use: other arithmetic gives values that differ by one.
 */
const c0298 = 2446;
const c0390 = 3196;
const c0541 = 4433;
const c0765 = 6270;
const c0899 = 7373;
const c1175 = 9633;
const c1501 = 12299;
const c1847 = 15137;
const c1961 = 16069;
const c2053 = 16819;
const c2562 = 20995;
const c3072 = 25172;

/** One dimension, in place: eight values `step` apart from `at`, rounded and shifted down by `down`. */
function transformEight(b: Int32Array, at: number, step: number, down: number): void {
  const b0 = b[at]!;
  const b1 = b[at + step]!;
  const b2 = b[at + 2 * step]!;
  const b3 = b[at + 3 * step]!;
  const b4 = b[at + 4 * step]!;
  const b5 = b[at + 5 * step]!;
  const b6 = b[at + 6 * step]!;
  const b7 = b[at + 7 * step]!;
  const half = 1 << (down - 1);

  const e = (b2 + b6) * c0541;
  const e2 = e - b6 * c1847;
  const e3 = e + b2 * c0765;
  const s0 = (b0 + b4) * 8192;
  const s1 = (b0 - b4) * 8192;
  const even0 = s0 + e3 + half;
  const even3 = s0 - e3 + half;
  const even1 = s1 + e2 + half;
  const even2 = s1 - e2 + half;

  const z5 = (b7 + b3 + b5 + b1) * c1175;
  const z1 = -(b7 + b1) * c0899;
  const z2 = -(b5 + b3) * c2562;
  const z3 = z5 - (b7 + b3) * c1961;
  const z4 = z5 - (b5 + b1) * c0390;
  const odd3 = b7 * c0298 + z1 + z3;
  const odd2 = b5 * c2053 + z2 + z4;
  const odd1 = b3 * c3072 + z2 + z3;
  const odd0 = b1 * c1501 + z1 + z4;

  b[at] = (even0 + odd0) >> down;
  b[at + 7 * step] = (even0 - odd0) >> down;
  b[at + step] = (even1 + odd1) >> down;
  b[at + 6 * step] = (even1 - odd1) >> down;
  b[at + 2 * step] = (even2 + odd2) >> down;
  b[at + 5 * step] = (even2 - odd2) >> down;
  b[at + 3 * step] = (even3 + odd3) >> down;
  b[at + 4 * step] = (even3 - odd3) >> down;
}

/** Coefficients (multiplied by their quantization, row by row) to samples 0…255; overwrites the coefficients. */
export function inverseDct(block: Int32Array, target: Uint8Array, at: number, stride: number): void {
  for (let column = 0; column < 8; column++) transformEight(block, column, 8, 11);
  for (let row = 0; row < 8; row++) {
    transformEight(block, row * 8, 1, 18);
    const out = at + row * stride;
    for (let i = 0; i < 8; i++) {
      const value = block[row * 8 + i]! + 128;
      target[out + i] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}
