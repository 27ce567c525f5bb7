import { axisValues, type Axis } from '../../workers/model/axes.ts';
import { extentOf, nearestIndex } from '../charts/scale.ts';

/** A spectrum with its axis. */
export interface Line {
  axis: Axis;
  /** one per channel */
  values: ArrayLike<number>;
}

/** Values more different than this many times would make one of two lines flat. */
const mostTimes = 12;

/**
 * Two spectra over one axis, the wider one, each with gaps where it has no value; null where they belong into charts of
 * their own: other axes, or values of another size.
 */
export function linesTogether(
  before: Line,
  after: Line,
): { axis: Axis; before: ArrayLike<number>; after: ArrayLike<number> } | null {
  const [a, b] = [before.axis, after.axis];
  if (a.name !== b.name || (a.units ?? '') !== (b.units ?? '')) return null;
  const [sizeA, sizeB] = [largest(before.values), largest(after.values)];
  if (sizeA > 0 && sizeB > 0 && (sizeA > mostTimes * sizeB || sizeB > mostTimes * sizeA)) return null;
  const [endsA, endsB] = [endsOf(a), endsOf(b)];
  if (endsA[1] < endsB[0] || endsB[1] < endsA[0]) return null;
  const [lengthA, lengthB] = [endsA[1] - endsA[0], endsB[1] - endsB[0]];
  const isAfterWider = lengthB > lengthA * 1.0001 || (lengthB > lengthA * 0.9999 && b.size > a.size);
  const axis = isAfterWider ? b : a;
  return { axis, before: resample(before, axis), after: resample(after, axis) };
}

const largest = (values: ArrayLike<number>): number => {
  const [low, high] = extentOf([values]) ?? [0, 0];
  return Math.max(Math.abs(low), Math.abs(high));
};

function endsOf(axis: Axis): [number, number] {
  const xs = axisValues(axis);
  const [first = 0, last = first] = [xs[0], xs[xs.length - 1]];
  const half = halfStep(xs, 0);
  return [Math.min(first, last) - half, Math.max(first, last) + half];
}

const halfStep = (xs: ArrayLike<number>, i: number): number => {
  const next = i + 1 < xs.length ? i + 1 : i - 1;
  return xs.length < 2 ? 0.5 : Math.abs((xs[next] as number) - (xs[i] as number)) / 2;
};

/** The value of the channel that covers each place of another axis; NaN where there is none. */
export function resample({ axis, values }: Line, to: Axis): ArrayLike<number> {
  const [from, xs] = [axisValues(axis), axisValues(to)];
  if (from.length === xs.length && from.every((v, i) => v === xs[i])) return values;
  return Float64Array.from(xs, (x) => {
    const i = nearestIndex(from, x);
    return Math.abs((from[i] as number) - x) <= halfStep(from, i) * 1.0001 ? (values[i] as number) : NaN;
  });
}
