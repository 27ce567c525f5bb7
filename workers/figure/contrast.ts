/** Values shown as the first and the last colour of a map. Display only: data are never changed. */
export interface Limits {
  min: number;
  max: number;
}

/** The finite values, ascending. */
function finiteSorted(values: ArrayLike<number>): Float64Array {
  let count = 0;
  const kept = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (Number.isFinite(v)) kept[count++] = v;
  }
  return kept.subarray(0, count).sort();
}

/** Percentile 0–100 of ascending values, linear between neighbours (numpy's default). */
function percentileOf(sorted: Float64Array, percent: number): number {
  const position = ((sorted.length - 1) * Math.min(100, Math.max(0, percent))) / 100;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (position - below) * (high - low);
}

/**
 * Limits from percentiles (default 0.5 and 99.5), NaN and infinities ignored.
 * Nearly empty maps, where the percentiles coincide, get their full range; constant ones a range around the constant;
 * maps without any finite value 0–1.
 */
export function percentileLimits(values: ArrayLike<number>, low = 0.5, high = 99.5): Limits {
  const sorted = finiteSorted(values);
  if (sorted.length === 0) return { min: 0, max: 1 };
  const limits = { min: percentileOf(sorted, low), max: percentileOf(sorted, high) };
  if (limits.max > limits.min) return limits;
  return fullOf(sorted);
}

/** Smallest and largest finite value; a constant gets a range around it. */
export function fullLimits(values: ArrayLike<number>): Limits {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (min > max) return { min: 0, max: 1 };
  return max > min ? { min, max } : around(min);
}

const fullOf = (sorted: Float64Array): Limits => {
  const min = sorted[0] as number;
  const max = sorted[sorted.length - 1] as number;
  return max > min ? { min, max } : around(min);
};

/** A constant shows as the middle colour: limits at ±10 % of it (0 → −1 … 1). */
const around = (value: number): Limits => {
  const half = value === 0 ? 1 : Math.abs(value) * 0.1;
  return { min: value - half, max: value + half };
};

/**
 * Limits −m … +m with zero locked in the middle, m the given percentile of |value| (default 99.5; the largest when
 * that percentile is zero). For signed maps in a diverging colour map.
 */
export function symmetricLimits(values: ArrayLike<number>, percent = 99.5): Limits {
  const magnitudes = finiteSorted(
    Float64Array.from({ length: values.length }, (_, i) => Math.abs(values[i] as number)),
  );
  if (magnitudes.length === 0) return { min: -1, max: 1 };
  const m = percentileOf(magnitudes, percent) || (magnitudes[magnitudes.length - 1] as number) || 1;
  return { min: -m, max: m };
}

/**
 * Percentile limits of values that are never negative, starting at zero unless the map stands far above it
 * (lower end over a third of the upper one): a quantity is read from zero.
 */
export function zeroBasedLimits(values: ArrayLike<number>, high = 99.5): Limits {
  const limits = percentileLimits(values, 100 - high, high);
  return limits.min * 3 <= limits.max && limits.max > 0 ? { min: 0, max: limits.max } : limits;
}

/** Limits that hold for several maps at once: the widest of each side. */
export function sharedLimits(each: readonly Limits[]): Limits {
  if (each.length === 0) return { min: 0, max: 1 };
  return { min: Math.min(...each.map((l) => l.min)), max: Math.max(...each.map((l) => l.max)) };
}

/**
 * Does the map need a diverging colour scale? Yes if it goes below zero by more than rounding
 * (a millionth of its largest magnitude).
 */
export function isSigned(values: ArrayLike<number>): boolean {
  let min = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (Math.abs(v) > largest) largest = Math.abs(v);
  }
  return -min > largest * 1e-6;
}

/** Default limits of a map: symmetric when signed, percentiles otherwise. */
export const autoLimits = (values: ArrayLike<number>): Limits =>
  isSigned(values) ? symmetricLimits(values) : percentileLimits(values);
