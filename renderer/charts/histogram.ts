import type { Limits } from '../../workers/figure/contrast.ts';

/** How many finite values lie in each of `bins` equal steps from the smallest to the largest; null when there is no extent. */
export function histogram(values: ArrayLike<number>, bins: number): { range: Limits; counts: number[] } | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (!(max > min) || bins < 1) return null;
  const counts = new Array<number>(bins).fill(0);
  const factor = bins / (max - min);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    const bin = Math.min(bins - 1, Math.floor((v - min) * factor));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { range: { min, max }, counts };
}
