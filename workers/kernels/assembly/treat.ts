// Means and scales of a matrix view, row by row. No fused products: the bits are those of plain arithmetic.

/**
 * rows × cols values at x (float64, in place): x ← (x − rowMean − columnMean) · (rowFactor · columnFactor). An address of
 * 0 stands for a mean of 0 or a factor of 1.
 */
export function treatRows(
  rows: i32, cols: i32, x: usize, rowMean: usize, columnMean: usize, rowFactor: usize, columnFactor: usize,
): void {
  for (let i: i32 = 0; i < rows; i++) {
    const at = <usize>i << 3;
    if (rowMean != 0) subtractNumber(cols, x, load<f64>(rowMean + at));
    if (columnMean != 0) subtractVector(cols, x, columnMean);
    const factor = rowFactor != 0 ? load<f64>(rowFactor + at) : 1;
    if (columnFactor != 0) multiplyVector(cols, x, factor, columnFactor);
    else if (rowFactor != 0) multiplyNumber(cols, x, factor);
    x += <usize>cols << 3;
  }
}

function subtractNumber(n: i32, x: usize, value: f64): void {
  const V = f64x2.splat(value);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16) v128.store(x, f64x2.sub(v128.load(x), V));
  if (i < n) store<f64>(x, load<f64>(x) - value);
}

function subtractVector(n: i32, x: usize, y: usize): void {
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16, y += 16) v128.store(x, f64x2.sub(v128.load(x), v128.load(y)));
  if (i < n) store<f64>(x, load<f64>(x) - load<f64>(y));
}

function multiplyNumber(n: i32, x: usize, factor: f64): void {
  const F = f64x2.splat(factor);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16) v128.store(x, f64x2.mul(v128.load(x), F));
  if (i < n) store<f64>(x, load<f64>(x) * factor);
}

function multiplyVector(n: i32, x: usize, factor: f64, y: usize): void {
  const F = f64x2.splat(factor);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16, y += 16) {
    v128.store(x, f64x2.mul(v128.load(x), f64x2.mul(F, v128.load(y))));
  }
  if (i < n) store<f64>(x, load<f64>(x) * (factor * load<f64>(y)));
}
