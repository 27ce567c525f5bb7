import { fullLimits } from '../../workers/figure/contrast.ts';

/** SVG path of a line that fills its box; `zero` is the height of the zero line where values of both signs occur. */
export interface SparklinePath {
  line: string;
  zero: number | null;
}

/**
 * At most two points per pixel column, its lowest and highest value, so that a peak one channel wide is not lost.
 * NaN (left-out channels) breaks the line. Non-negative values stand on the bottom of the box.
 */
export function sparklinePath(values: ArrayLike<number>, width: number, height: number): SparklinePath {
  const count = values.length;
  if (count === 0 || width <= 0 || height <= 0) return { line: '', zero: null };
  const limits = fullLimits(values);
  const low = Math.min(0, limits.min);
  const high = limits.max > low ? limits.max : low + 1;
  const pad = 1.5;
  const y = (v: number): string => (height - pad - ((v - low) / (high - low)) * (height - 2 * pad)).toFixed(1);
  const x = (i: number): string => (count === 1 ? width / 2 : (i / (count - 1)) * width).toFixed(1);
  const perColumn = Math.max(1, Math.floor(count / Math.max(1, width)));
  let line = '';
  let isOpen = false;
  const point = (i: number): void => {
    line += `${isOpen ? 'L' : 'M'}${x(i)} ${y(values[i] as number)}`;
    isOpen = true;
  };
  for (let start = 0; start < count; start += perColumn) {
    const end = Math.min(count, start + perColumn);
    let lowest = -1;
    let highest = -1;
    for (let i = start; i < end; i++) {
      const v = values[i] as number;
      if (!Number.isFinite(v)) continue;
      if (lowest < 0 || v < (values[lowest] as number)) lowest = i;
      if (highest < 0 || v > (values[highest] as number)) highest = i;
    }
    if (lowest < 0) {
      isOpen = false;
      continue;
    }
    point(Math.min(lowest, highest));
    if (lowest !== highest) point(Math.max(lowest, highest));
  }
  return { line, zero: low < 0 && high > 0 ? Math.round(Number(y(0))) + 0.5 : null };
}
