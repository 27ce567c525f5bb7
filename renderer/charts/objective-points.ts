/** The curve of an iterative method, ready to be drawn. */
export interface ObjectivePoints {
  iterations: Float64Array;
  values: Float64Array;
  /** a log axis shows more: all values are positive and span more than a factor of ten */
  isLog: boolean;
  range: readonly [number, number];
  /** relative change between the last two points; null for fewer than two */
  lastChange: number | null;
}

/** @param curve iteration and objective by turns; values that are not finite are left out. Null without any. */
export function objectivePoints(curve: ArrayLike<number>): ObjectivePoints | null {
  const iterations: number[] = [];
  const values: number[] = [];
  for (let i = 0; i + 1 < curve.length; i += 2) {
    if (!Number.isFinite(curve[i + 1])) continue;
    iterations.push(curve[i] as number);
    values.push(curve[i + 1] as number);
  }
  if (values.length === 0) return null;
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const isLog = low > 0 && high > 10 * low;
  const margin = 0.06 * (high - low) || 0.5 * Math.abs(high) || 1;
  const [last, before] = [values.at(-1) as number, values.at(-2)];
  return {
    iterations: Float64Array.from(iterations),
    values: Float64Array.from(values),
    isLog,
    range: isLog ? [low / 1.15, high * 1.15] : [low - margin, high + margin],
    lastChange: before === undefined ? null : Math.abs(before - last) / (Math.abs(last) || 1),
  };
}
