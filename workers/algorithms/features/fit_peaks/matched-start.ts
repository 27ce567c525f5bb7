import type { PeakModel } from './peak-model.ts';

/** One place and width a peak may have: a Gaussian of mean 0 and length 1 there, over channels from `from` on. */
interface Template {
  centre: number;
  width: number;
  from: number;
  values: Float64Array;
}

/** Widths that are tried, as shares of the usual one: where peaks move, the mean spectrum is wider than any. */
const shares = [1, 0.4, 0.16];

/**
 * Where in a spectrum each peak stands out most: the largest product with a Gaussian of a few widths whose mean is taken
 * off, which a constant background does not disturb. A start for spectra whose peaks are far from the usual place.
 * @param usual positions and widths of the mean spectrum, in turn
 */
export function createMatchedStart(
  { u, peaks }: PeakModel,
  usual: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): (y: Float64Array, start: Float64Array) => void {
  const templates = Array.from({ length: peaks }, (_, i): Template[] => {
    const [least, most, s] = [lower[2 * i]!, upper[2 * i]!, usual[2 * i + 1]!];
    return Array.from(u)
      .filter((centre) => centre >= least && centre <= most)
      .flatMap((centre) => shares.flatMap((share) => makeTemplate(u, centre, share * s) ?? []));
  });
  return (y, start) => {
    start.set(usual);
    templates.forEach((list, i) => {
      let largest = -Infinity;
      for (const { centre, width, from, values } of list) {
        let product = 0;
        for (let j = 0; j < values.length; j++) product += values[j]! * y[from + j]!;
        if (product > largest) {
          largest = product;
          start[2 * i] = centre;
          start[2 * i + 1] = width;
        }
      }
    });
  };
}

function makeTemplate(u: Float64Array, centre: number, s: number): Template | null {
  const inside = Array.from(u.keys()).filter((j) => Math.abs(u[j]! - centre) <= 3 * s);
  if (inside.length < 4) return null;
  const values = Float64Array.from(inside, (j) => Math.exp(-(((u[j]! - centre) / s) ** 2) / 2));
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const length = Math.hypot(...values.map((v) => v - mean));
  return length > 0 ? { centre, width: s, from: inside[0]!, values: values.map((v) => (v - mean) / length) } : null;
}
