/** From data to pixels and back, along one axis of a plot. */
export interface Scale {
  (value: number): number;
  inverse(pixel: number): number;
}

/** Straight scale; a reversed axis has its pixel ends swapped. A domain without extent maps to the middle. */
export function linearScale(domain: readonly [number, number], pixels: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [p0, p1] = pixels;
  const span = d1 - d0;
  const scale = (value: number): number => (span === 0 ? (p0 + p1) / 2 : p0 + ((value - d0) / span) * (p1 - p0));
  const inverse = (pixel: number): number => (p1 === p0 ? d0 : d0 + ((pixel - p0) / (p1 - p0)) * span);
  return Object.assign(scale, { inverse });
}

/** Base-10 log scale of a positive domain; values that are not positive sit at the lower end. */
export function logScale(domain: readonly [number, number], pixels: readonly [number, number]): Scale {
  const low = Math.max(Math.min(...domain), Number.MIN_VALUE);
  const inner = linearScale([Math.log10(domain[0]), Math.log10(domain[1])], pixels);
  const scale = (value: number): number => inner(Math.log10(Math.max(value, low)));
  return Object.assign(scale, { inverse: (pixel: number): number => 10 ** inner.inverse(pixel) });
}

/** Smallest and largest finite value of several arrays between indices; null when there is none. */
export function extentOf(
  arrays: readonly ArrayLike<number>[],
  first = 0,
  end = Infinity,
  accept: (value: number) => boolean = Number.isFinite,
): [number, number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (const array of arrays) {
    const last = Math.min(end, array.length);
    for (let i = Math.max(0, first); i < last; i++) {
      const v = array[i] as number;
      if (!accept(v)) continue;
      if (v < min) min = v;
      if (v > max) max = v;
    }
  }
  return min > max ? null : [min, max];
}

/**
 * Limits of a value axis: with zero where the data are on one side of it and not far away, and a little room above.
 * On a log axis at most seven decades, from the smallest positive value.
 */
export function valueRange(extent: readonly [number, number] | null, isLog: boolean): [number, number] {
  if (extent === null) return isLog ? [0.1, 1] : [0, 1];
  const [min, max] = extent;
  if (isLog) {
    const high = max > 0 ? max : 1;
    const low = Math.max(min > 0 ? min : high * 1e-7, high * 1e-7);
    return low < high ? [low / 1.15, high * 1.25] : [high / 3, high * 3];
  }
  // what differs by the last digits of a calculation is the same value
  const isSame = max - min <= 1e-12 * Math.max(Math.abs(min), Math.abs(max));
  if (isSame) return max === 0 ? [-1, 1] : max > 0 ? [0, max * 1.1] : [min * 1.1, 0];
  const room = (max - min) * 0.05;
  const isNearZero = (near: number, far: number): boolean => Math.abs(near) < 0.7 * Math.abs(far);
  if (min >= 0 && isNearZero(min, max)) return [0, max + room];
  if (max <= 0 && isNearZero(max, min)) return [min - room, 0];
  return [min - room, max + room];
}

/** Index of the value nearest to `wanted` in a monotonic array (rising or falling). */
export function nearestIndex(values: ArrayLike<number>, wanted: number): number {
  const n = values.length;
  if (n === 0) return 0;
  const rises = (values[n - 1] as number) >= (values[0] as number);
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const isBelow = rises ? (values[middle] as number) <= wanted : (values[middle] as number) >= wanted;
    if (isBelow) low = middle;
    else high = middle;
  }
  return Math.abs((values[low] as number) - wanted) <= Math.abs((values[high] as number) - wanted) ? low : high;
}
