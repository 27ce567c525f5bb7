import type { Limits } from '../../workers/figure/contrast.ts';

export interface Histogram {
  range: Limits;
  counts: readonly number[];
}

/** How many finite values lie in each of `bins` equal steps from the smallest to the largest; null when there is no extent. */
export function histogram(values: ArrayLike<number>, bins: number): Histogram | null {
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

/** The steps of a histogram as an SVG path over its width, the square root of each count up to the height less 2. */
export function histogramPath(counts: readonly number[], width: number, height: number): string {
  const most = Math.sqrt(Math.max(1, ...counts));
  const step = width / counts.length;
  const tops = counts.map(
    (n, i) =>
      `L${(i * step).toFixed(1)} ${(height - (Math.sqrt(n) / most) * (height - 2)).toFixed(1)}h${step.toFixed(2)}`,
  );
  return `M0 ${height}${tops.join('')}V${height}Z`;
}
