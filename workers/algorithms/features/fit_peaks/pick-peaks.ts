/** A local maximum of a curve. */
export interface Peak {
  index: number;
  /** how far it rises above the higher of the two valleys that part it from higher ground */
  prominence: number;
  /** full width at half of the prominence, in samples */
  width: number;
}

/** All local maxima with their prominences, in order; of a flat top the middle. Ends are not maxima. */
export function localMaxima(y: ArrayLike<number>): Peak[] {
  const peaks: Peak[] = [];
  const n = y.length;
  for (let i = 1; i < n - 1; i++) {
    if (!(y[i]! > y[i - 1]!)) continue;
    let end = i;
    while (end + 1 < n && y[end + 1] === y[i]) end++;
    if (end + 1 < n && y[end + 1]! < y[i]!) {
      const index = (i + end) >> 1;
      const prominence = y[index]! - Math.max(valley(y, index, -1), valley(y, index, 1));
      peaks.push({ index, prominence, width: widthAt(y, index, y[index]! - prominence / 2) });
    }
    i = end;
  }
  return peaks;
}

/** The lowest value between a maximum and the next higher value, or the end. */
function valley(y: ArrayLike<number>, index: number, step: number): number {
  let lowest = y[index]!;
  for (let i = index + step; i >= 0 && i < y.length && y[i]! <= y[index]!; i += step) lowest = Math.min(lowest, y[i]!);
  return lowest;
}

/** Distance between the two crossings of a level around a maximum, between samples by straight lines. */
export function widthAt(y: ArrayLike<number>, index: number, level: number): number {
  const crossing = (step: number): number => {
    let i = index;
    while (i + step >= 0 && i + step < y.length && y[i + step]! > level) i += step;
    const next = i + step;
    if (next < 0 || next >= y.length) return Math.abs(i - index) + 0.5;
    return Math.abs(i - index) + (y[i]! - level) / (y[i]! - y[next]!);
  };
  return crossing(-1) + crossing(1);
}

/**
 * The most prominent maxima, at least some samples apart, in order of their place.
 * @param count at most
 * @param leastProminence in the units of y
 * @param distance in samples
 */
export function pickPeaks(y: ArrayLike<number>, count: number, leastProminence: number, distance: number): Peak[] {
  const chosen: Peak[] = [];
  const candidates = localMaxima(y)
    .filter(({ prominence }) => prominence > 0 && prominence >= leastProminence)
    .sort((a, b) => b.prominence - a.prominence || a.index - b.index);
  for (const peak of candidates) {
    if (chosen.length === count) break;
    if (chosen.every(({ index }) => Math.abs(index - peak.index) >= distance)) chosen.push(peak);
  }
  return chosen.sort((a, b) => a.index - b.index);
}
