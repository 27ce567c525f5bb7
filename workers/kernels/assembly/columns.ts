// What is told of the columns of a product while it is still near the core.
import { get } from './vector';

/**
 * Of rows × cols values at x: adds their squares to energy[j], keeps the entry of the largest absolute value in peak[j]
 * (its square in largest[j], the first on ties), then multiplies row i by rowFactor[i] (0: no factors).
 */
export function takeColumns(
  rows: i32, cols: i32, x: usize, energy: usize, largest: usize, peak: usize, rowFactor: usize,
): void {
  for (let i: i32 = 0; i < rows; i++) {
    const factor = rowFactor != 0 ? get(rowFactor, i) : 1;
    const F = f64x2.splat(factor);
    let at: usize = 0;
    const end = <usize>(cols & ~1) << 3;
    for (; at < end; at += 16) {
      const value = v128.load(x + at);
      const square = f64x2.mul(value, value);
      v128.store(energy + at, f64x2.add(v128.load(energy + at), square));
      const top = v128.load(largest + at);
      const isLarger = f64x2.gt(square, top);
      v128.store(largest + at, v128.bitselect(square, top, isLarger));
      v128.store(peak + at, v128.bitselect(value, v128.load(peak + at), isLarger));
      v128.store(x + at, f64x2.mul(value, F));
    }
    if (cols & 1) {
      const value = load<f64>(x + at);
      const square = value * value;
      store<f64>(energy + at, load<f64>(energy + at) + square);
      if (square > load<f64>(largest + at)) {
        store<f64>(largest + at, square);
        store<f64>(peak + at, value);
      }
      store<f64>(x + at, value * factor);
    }
    x += <usize>cols << 3;
  }
}
