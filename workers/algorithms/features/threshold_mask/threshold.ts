/**
 * The threshold that parts values in two groups with the largest variance between them: Otsu's criterion over all gaps of
 * the sorted values. Half way between the neighbours on both sides; null when all values are the same.
 * @param sorted rising, finite
 * @see N. Otsu, IEEE Transactions on Systems, Man, and Cybernetics 9, 62 (1979)
 */
export function otsu(sorted: Float64Array): number | null {
  const n = sorted.length;
  const total = sorted.reduce((a, b) => a + b, 0);
  let sum = 0;
  let best = 0;
  let at = -1;
  for (let i = 0; i + 1 < n; i++) {
    sum += sorted[i]!;
    if (sorted[i] === sorted[i + 1]) continue;
    const below = i + 1;
    const away = sum / below - (total - sum) / (n - below);
    const between = below * (n - below) * away * away;
    if (between > best) [best, at] = [between, i];
  }
  return at < 0 ? null : (sorted[at]! + sorted[at + 1]!) / 2;
}

/** The threshold that has this share of the values below it; half way between two values. */
export function quantile(sorted: Float64Array, share: number): number {
  const below = Math.round(share * sorted.length);
  if (below <= 0) return -Infinity;
  if (below >= sorted.length) return Infinity;
  return (sorted[below - 1]! + sorted[below]!) / 2;
}
