// One look at rows that tells their sums, energy and extremes.
import { get, put, sumLanes } from './vector';

/**
 * Adds rows of n values at x to columnSums and writes the sum of each to rowSums. To `totals` go Σx² over finite values,
 * least and largest value (NaN is neither), and the numbers of values below zero, of values that are not finite, and of
 * rows with any of those.
 */
export function sumRows(rows: i32, n: i32, x: usize, columnSums: usize, rowSums: usize, totals: usize): void {
  for (let i: i32 = 0; i < rows; i++, x += <usize>n << 3, rowSums += 8) sumRow(n, x, columnSums, rowSums, totals);
}

// @ts-ignore: decorator
@inline
function sumRow(n: i32, x: usize, columnSums: usize, rowSum: usize, totals: usize): void {
  const start = x;
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
  store<f64>(rowSum, total);
  if (!(abs(square) < Infinity && abs(total) < Infinity)) {
    square = 0;
    let bad: f64 = 0;
    for (i = 0; i < n; i++) {
      const value = get(start, i);
      if (abs(value) < Infinity) square += value * value;
      else bad++;
    }
    put(totals, 4, get(totals, 4) + bad);
    if (bad > 0) put(totals, 5, get(totals, 5) + 1);
  }
  if (least < 0) {
    let below: f64 = 0;
    for (i = 0; i < n; i++) if (get(start, i) < 0) below++;
    put(totals, 3, get(totals, 3) + below);
  }
  put(totals, 0, get(totals, 0) + square);
  if (least < get(totals, 1)) put(totals, 1, least);
  if (largest > get(totals, 2)) put(totals, 2, largest);
}

/**
 * Adds rows of n values at x to columnSums and writes the sum of each to rowSums, without the values that are NaN; to
 * `missing` goes how many were left out of each column. A row without a value has the sum NaN.
 */
export function sumPresent(rows: i32, n: i32, x: usize, columnSums: usize, missing: usize, rowSums: usize): void {
  for (let r: i32 = 0; r < rows; r++, x += <usize>n << 3, rowSums += 8) {
    store<f64>(rowSums, sumRowPresent(n, x, columnSums, missing));
  }
}

function sumRowPresent(n: i32, x: usize, columnSums: usize, missing: usize): f64 {
  let first: v128 = f64x2.splat(0);
  let second: v128 = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    const at = x + (<usize>i << 3);
    first = f64x2.add(first, v128.load(at));
    second = f64x2.add(second, v128.load(at, 16));
  }
  let total = sumLanes(f64x2.add(first, second));
  for (; i < n; i++) total += get(x, i);
  // only a row with a NaN, or with both infinities, has no sum
  if (total !== total) return sumRowValues(n, x, columnSums, missing);
  for (i = 0; i + 2 <= n; i += 2) {
    const to = columnSums + (<usize>i << 3);
    v128.store(to, f64x2.add(v128.load(to), v128.load(x + (<usize>i << 3))));
  }
  if (i < n) put(columnSums, i, get(columnSums, i) + get(x, i));
  return total;
}

function sumRowValues(n: i32, x: usize, columnSums: usize, missing: usize): f64 {
  let total: f64 = 0;
  let present: i32 = 0;
  for (let i: i32 = 0; i < n; i++) {
    const value = get(x, i);
    if (value !== value) put(missing, i, get(missing, i) + 1);
    else {
      present++;
      total += value;
      put(columnSums, i, get(columnSums, i) + value);
    }
  }
  return present == 0 ? NaN : total;
}
