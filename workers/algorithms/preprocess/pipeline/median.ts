/**
 * The k-th smallest value (from 0) of `values`, which are re-ordered: quickselect by Hoare's partition around the middle.
 * NaN must not be among them.
 */
export function select(values: Float64Array, k: number, count = values.length): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const held = values[i]!;
      values[i++] = values[j]!;
      values[j--] = held;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

/** The median of the first `count` values, which are re-ordered; the mean of the two middle ones of an even number. */
export function median(values: Float64Array, count = values.length): number {
  if (count === 0) return NaN;
  const upper = select(values, count >> 1, count);
  if (count % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < count >> 1; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}
