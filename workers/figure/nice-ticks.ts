/** Ticks of a linear axis: ascending multiples of `step`, and the decimals their labels need. */
export interface LinearTicks {
  ticks: number[];
  step: number;
  decimals: number;
}

/** Ticks of a log axis: labelled ones and, between them, unlabelled ones; both ascending. */
export interface LogTicks {
  major: number[];
  minor: number[];
}

/** The smallest of 1, 2, 5 × 10ⁿ that is at least `value` (positive, finite); 1 for anything else. */
export const niceCeil = (value: number): number => niceNear(value).find((nice) => nice >= value * (1 - 1e-9)) ?? 1;

/** The largest of 1, 2, 5 × 10ⁿ that is at most `value` (positive, finite); 1 for anything else. */
export const niceFloor = (value: number): number => niceNear(value).findLast((nice) => nice <= value * (1 + 1e-9)) ?? 1;

/** The 1-2-5 numbers from one step below `value` to two above it, ascending; none for what has no magnitude. */
function niceNear(value: number): number[] {
  if (!(value > 0) || !Number.isFinite(value)) return [];
  const exponent = Math.floor(Math.log10(value));
  return [
    scaled(5, exponent - 1),
    ...[1, 2, 5].map((m) => scaled(m, exponent)),
    scaled(1, exponent + 1),
    scaled(2, exponent + 1),
  ];
}

/** mantissa × 10^exponent, correctly rounded (5 × 10⁻³ is 0.005, not 0.005000000000000001). */
const scaled = (mantissa: number, exponent: number): number => Number(`${mantissa}e${exponent}`);

const decimalsOf = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/**
 * Ticks at 1-2-5 × 10ⁿ steps inside [min, max], at most `maxCount` of them; two where two are allowed, as one number
 * alone is no scale.
 * The order of the limits does not matter; equal or non-finite limits give a single tick or none.
 */
export function linearTicks(min: number, max: number, maxCount = 6): LinearTicks {
  const low = Math.min(min, max);
  const high = Math.max(min, max);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { ticks: [], step: 1, decimals: 0 };
  const span = high - low;
  if (span === 0 || span < Math.abs(low) * 1e-12) return { ticks: [low], step: 1, decimals: decimalPlaces(low) };
  // near the largest and the smallest numbers there are no steps to count
  if (!(span > 1e-300 && span < 1e300)) return { ticks: [low, high], step: 1, decimals: 0 };
  const most = Math.max(1, maxCount);
  let step = niceCeil(span / most);
  let ticks = multiples(low, high, step);
  while (ticks.length > most) {
    step = niceCeil(step * 1.5);
    ticks = multiples(low, high, step);
  }
  while (ticks.length < Math.min(2, most)) {
    step = niceFloor(step / 1.5);
    ticks = multiples(low, high, step);
  }
  // where more than two fell in, those farthest apart
  if (ticks.length > most) ticks = [ticks[0] as number, ticks.at(-1) as number];
  return { ticks, step, decimals: decimalsOf(step) };
}

function multiples(low: number, high: number, step: number): number[] {
  const slack = 1e-9;
  const first = Math.ceil(low / step - slack);
  const last = Math.floor(high / step + slack);
  const digits = Math.min(100, decimalsOf(step) + 2);
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) {
    const tick = i * step;
    // the product carries binary dust (3 × 0.1); cut it two digits below the step, and no negative zero
    ticks.push(Math.abs(tick) < 1e21 ? Number(tick.toFixed(digits)) + 0 : tick);
  }
  return ticks;
}

const decimalPlaces = (value: number): number => {
  const [, fraction = ''] = String(value).split('.');
  return Math.min(3, /e/.test(fraction) ? 0 : fraction.length);
};

/** [min, max] widened outwards to whole 1-2-5 steps; a constant is widened so that the axis has a length. */
export function niceRange(min: number, max: number, maxCount = 6): [number, number] {
  const low = Math.min(min, max);
  const high = Math.max(min, max);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (high - low <= Math.abs(low) * 1e-12) {
    const half = low === 0 ? 1 : Math.abs(low) * 0.1;
    return niceRange(low - half, high + half, maxCount);
  }
  const step = niceCeil((high - low) / Math.max(1, maxCount));
  const digits = Math.min(100, decimalsOf(step) + 2);
  const outward = (n: number): number =>
    (Math.abs(n * step) < 1e21 ? Number((n * step).toFixed(digits)) : n * step) + 0;
  return [outward(Math.floor(low / step + 1e-9)), outward(Math.ceil(high / step - 1e-9))];
}

/**
 * Ticks of a base-10 log axis over [min, max], both positive.
 * More than a decade: powers of ten (every n-th when there would be over `maxMajor`), minor ticks at 2…9 only when
 * every decade is labelled. Less than two powers of ten in sight: 1-2-5 multiples are labelled instead.
 */
export function logTicks(min: number, max: number, maxMajor = 6): LogTicks {
  const low = Math.min(min, max);
  const high = Math.max(min, max);
  if (!(low > 0) || !Number.isFinite(high)) return { major: [], minor: [] };
  const slack = 1e-9;
  const first = Math.ceil(Math.log10(low) - slack);
  const last = Math.floor(Math.log10(high) + slack);
  const inside = (v: number): boolean => v >= low * (1 - slack) && v <= high * (1 + slack);
  if (last - first < 1) {
    const found: number[] = [];
    for (let e = first - 1; e <= last + 1; e++) found.push(...[1, 2, 5].map((m) => scaled(m, e)).filter(inside));
    return { major: found.length > 1 ? found : linearTicks(low, high, maxMajor).ticks, minor: [] };
  }
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, maxMajor)));
  const major: number[] = [];
  // counted down from the top, so that the largest value keeps its label
  for (let e = last; e >= first; e -= every) major.unshift(scaled(1, e));
  const minor: number[] = [];
  for (let e = first - 1; e <= last; e++) {
    if (every > 1) {
      if (inside(scaled(1, e)) && !major.includes(scaled(1, e))) minor.push(scaled(1, e));
    } else {
      minor.push(...[2, 3, 4, 5, 6, 7, 8, 9].map((m) => scaled(m, e)).filter(inside));
    }
  }
  return { major, minor };
}
