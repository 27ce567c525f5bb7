// One look at a row that tells its sum, energy and extremes.
import { sumLanes } from './vector';

/**
 * Adds the row of n values at x to columnSums, and writes its sum, Σx², least and largest value to `out`. NaN is neither
 * least nor largest; it shows in the sums.
 */
export function sumRow(n: i32, x: usize, columnSums: usize, out: usize): void {
  let sum: v128 = f64x2.splat(0);
  let energy: v128 = f64x2.splat(0);
  let min: v128 = f64x2.splat(Infinity);
  let max: v128 = f64x2.splat(-Infinity);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16, columnSums += 16) {
    const value = v128.load(x);
    v128.store(columnSums, f64x2.add(v128.load(columnSums), value));
    sum = f64x2.add(sum, value);
    energy = f64x2.add(energy, f64x2.mul(value, value));
    min = f64x2.pmin(min, value);
    max = f64x2.pmax(max, value);
  }
  let total = sumLanes(sum);
  let square = sumLanes(energy);
  let least = f64x2.extract_lane(min, 0);
  let largest = f64x2.extract_lane(max, 0);
  if (f64x2.extract_lane(min, 1) < least) least = f64x2.extract_lane(min, 1);
  if (f64x2.extract_lane(max, 1) > largest) largest = f64x2.extract_lane(max, 1);
  if (i < n) {
    const value = load<f64>(x);
    store<f64>(columnSums, load<f64>(columnSums) + value);
    total += value;
    square += value * value;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  store<f64>(out, total);
  store<f64>(out, square, 8);
  store<f64>(out, least, 16);
  store<f64>(out, largest, 24);
}
