/**
 * The angle that makes the third and fourth cumulants of two white sources largest: φ of
 * i' = cos φ · i − sin φ · j, j' = sin φ · i + cos φ · j.
 * @see Blaschke & Wiskott, IEEE Trans. Signal Process. 52, 1250 (2004), eq. 37–41
 */
export function cumulantAngle(a: Float64Array, b: Float64Array): number {
  let [m30, m21, m12, m03, m40, m31, m22, m13, m04] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let t = 0; t < a.length; t++) {
    const [x, y] = [a[t]!, b[t]!];
    const [xx, xy, yy] = [x * x, x * y, y * y];
    m30 += xx * x;
    m21 += xx * y;
    m12 += x * yy;
    m03 += yy * y;
    m40 += xx * xx;
    m31 += xx * xy;
    m22 += xx * yy;
    m13 += xy * yy;
    m04 += yy * yy;
  }
  const n = a.length;
  const [c111, c112, c122, c222] = [m30 / n, m21 / n, m12 / n, m03 / n];
  const [c1111, c1112, c1122, c1222, c2222] = [m40 / n - 3, m31 / n, m22 / n - 1, m13 / n, m04 / n - 3];
  const c3 = (c111 ** 2 + c222 ** 2 - 3 * (c112 ** 2 + c122 ** 2) - 2 * (c111 * c122 + c112 * c222)) / 16;
  const s3 = (c111 * c112 - c122 * c222) / 4;
  const c4 =
    (7 * (c1111 ** 2 + c2222 ** 2) -
      16 * (c1112 ** 2 + c1222 ** 2) -
      12 * (c1111 * c1122 + c1122 * c2222) -
      36 * c1122 ** 2 -
      32 * c1112 * c1222 -
      2 * c1111 * c2222) /
    384;
  const s4 =
    (7 * (c1111 * c1112 - c1222 * c2222) + 6 * (c1112 * c1122 - c1122 * c1222) + c1111 * c1222 - c1112 * c2222) / 96;
  return -Math.atan2(s3 + s4, c3 + c4) / 4;
}
