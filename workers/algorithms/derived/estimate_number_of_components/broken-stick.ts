/**
 * Expected shares of a stick broken at random into `count` pieces, largest first: b_k = (1/p) Σ_{i=k…p} 1/i.
 * @see Jackson, Ecology 74, 2204 (1993)
 */
export function brokenStick(count: number): Float64Array {
  const shares = new Float64Array(count);
  let sum = 0;
  for (let k = count; k >= 1; k--) {
    sum += 1 / k;
    shares[k - 1] = sum / count;
  }
  return shares;
}

/** How many of the first values are above their thresholds before one is not; a threshold of one value holds for all. */
export function countAbove(values: ArrayLike<number>, thresholds: ArrayLike<number>): number {
  let count = 0;
  while (count < values.length) {
    const threshold = thresholds.length === 1 ? thresholds[0]! : thresholds[count];
    if (threshold === undefined || !(values[count]! > threshold)) break;
    count++;
  }
  return count;
}
