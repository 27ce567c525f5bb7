import type { Axis } from '../../../model/axes.ts';
import { EigenscopeError } from '../../../model/errors.ts';

/**
 * The index in the array of the axis that a parameter names.
 * @throws EigenscopeError `parameter-out-of-range` when there is none, or it is of the other kind
 */
export function axisIndexOf(
  axes: readonly Axis[],
  asked: string | number,
  among: 'any' | 'navigation' | 'signal' = 'any',
): number {
  const index = typeof asked === 'number' ? asked : axes.findIndex(({ name }) => name === asked);
  // an index as text, as a command line gives it
  const found = index >= 0 || typeof asked === 'number' || !/^\d+$/.test(asked) ? index : Number(asked);
  const axis = axes[found];
  if (axis !== undefined && (among === 'any' || axis.navigate === (among === 'navigation'))) return found;
  const fitting = axes.filter(({ navigate }) => among === 'any' || navigate === (among === 'navigation'));
  const names = fitting.map((one) => `${one.name || '(unnamed)'} (${axes.indexOf(one)})`).join(', ');
  throw new EigenscopeError(
    'parameter-out-of-range',
    `axis: there is no ${among === 'any' ? '' : `${among} `}axis “${asked}”; there are ${names || 'none'}.`,
    { param: 'axis' },
  );
}

/** The index whose coordinate is nearest to a value in the axis' units. */
export function nearestIndex(axis: Axis, value: number): number {
  if (axis.values === undefined) {
    return Math.min(axis.size - 1, Math.max(0, Math.round((value - axis.offset) / axis.scale)));
  }
  let best = 0;
  for (let i = 1; i < axis.size; i++) {
    if (Math.abs(axis.values[i]! - value) < Math.abs(axis.values[best]! - value)) best = i;
  }
  return best;
}

/** The part [first, end) of an axis, by steps; its calibration goes with it. */
export function sliceAxis(axis: Axis, first: number, end: number, step = 1): Axis {
  const size = Math.max(0, Math.ceil((end - first) / step));
  const { values, ...rest } = axis;
  return {
    ...rest,
    size,
    offset: axis.offset + axis.scale * first,
    scale: axis.scale * step,
    ...(values === undefined ? {} : { values: values.slice(first, end).filter((_, i) => i % step === 0) }),
  };
}
