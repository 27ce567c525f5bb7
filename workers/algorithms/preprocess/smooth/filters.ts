import type { LineFilter } from '../pipeline/lines.ts';

/** Index of a line that goes on mirrored at both ends, the last value repeated (d c b a | a b c d | d c b a). */
function mirrored(index: number, length: number): number {
  const period = 2 * length;
  const at = ((index % period) + period) % period;
  return at < length ? at : period - 1 - at;
}

/** A line with `margin` mirrored values on both ends. */
function mirrorOf(length: number, margin: number): (line: Float64Array) => Float64Array {
  const wide = new Float64Array(length + 2 * margin);
  return (line) => {
    wide.set(line, margin);
    for (let i = 0; i < margin; i++) {
      wide[i] = line[mirrored(i - margin, length)]!;
      wide[margin + length + i] = line[mirrored(length + i, length)]!;
    }
    return wide;
  };
}

/** Weighted mean with a Gaussian of this standard deviation in channels, cut at 4 σ, as scipy.ndimage has it. */
export function gaussianFilter(length: number, sigma: number): LineFilter {
  const radius = Math.floor(4 * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  weights.forEach((v, i) => (weights[i] = v / sum));
  const mirror = mirrorOf(length, radius);
  return (line, out) => {
    const wide = mirror(line);
    for (let i = 0; i < length; i++) {
      let value = 0;
      for (let k = 0; k < weights.length; k++) value += weights[k]! * wide[i + k]!;
      out[i] = value;
    }
  };
}

/** The middle one of the values in an odd window; the window is kept sorted while it moves. */
export function medianFilter(length: number, window: number): LineFilter {
  const half = (window - 1) / 2;
  const mirror = mirrorOf(length, half);
  const sorted = new Float64Array(window);
  /** first index of a sorted window whose value is not below this */
  const find = (value: number, count: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (line, out) => {
    if (line.some(Number.isNaN)) return void out.set(line);
    const wide = mirror(line);
    sorted.set(wide.subarray(0, window));
    sorted.sort();
    out[0] = sorted[half]!;
    for (let i = 1; i < length; i++) {
      const gone = find(wide[i - 1]!, window);
      sorted.copyWithin(gone, gone + 1, window);
      const fresh = wide[i + window - 1]!;
      const at = find(fresh, window - 1);
      sorted.copyWithin(at + 1, at, window - 1);
      sorted[at] = fresh;
      out[i] = sorted[half]!;
    }
  };
}
