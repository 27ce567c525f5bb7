/** Where a peak is in a window, in channels from its first one, fractions included; null when there is none. */
export type FindPeak = (window: Float64Array) => number | null;

/** The top of the parabola through three points, within half a channel of the middle one. */
function refine(before: number, top: number, after: number): number {
  const curvature = before - 2 * top + after;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curvature))) : 0;
}

export const findMaximum: FindPeak = (window) => {
  let at = 0;
  let low = Infinity;
  for (let i = 0; i < window.length; i++) {
    if (window[i]! > window[at]!) at = i;
    if (window[i]! < low) low = window[i]!;
  }
  if (!(window[at]! > low)) return null;
  if (at === 0 || at === window.length - 1) return at;
  return at + refine(window[at - 1]!, window[at]!, window[at + 1]!);
};

export const findCentre: FindPeak = (window) => {
  let low = Infinity;
  for (const value of window) if (value < low) low = value;
  let sum = 0;
  let moment = 0;
  for (let i = 0; i < window.length; i++) {
    sum += window[i]! - low;
    moment += i * (window[i]! - low);
  }
  return sum > 0 ? moment / sum : null;
};

/** The shift against a reference of the same length, by the maximum of the correlation of both without their means. */
export function correlationWith(reference: Float64Array): FindPeak {
  const n = reference.length;
  const mean = reference.reduce((a, b) => a + b, 0) / n;
  const flat = reference.map((value) => value - mean);
  const most = Math.floor(n / 2);
  const found = new Float64Array(2 * most + 1);
  const centred = new Float64Array(n);
  return (window) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += window[i]!;
    let size = 0;
    for (let i = 0; i < n; i++) {
      centred[i] = window[i]! - sum / n;
      size += centred[i]! ** 2;
    }
    if (!(size > 0)) return null;
    let best = 0;
    for (let lag = -most; lag <= most; lag++) {
      let dot = 0;
      for (let i = Math.max(0, -lag); i < Math.min(n, n - lag); i++) dot += flat[i]! * centred[i + lag]!;
      found[lag + most] = dot;
      if (dot > found[best]!) best = lag + most;
    }
    const isInside = best > 0 && best < 2 * most;
    return best - most + (isInside ? refine(found[best - 1]!, found[best]!, found[best + 1]!) : 0);
  };
}
