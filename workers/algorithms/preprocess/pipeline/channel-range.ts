import type { Axis } from '../../../model/axes.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { nearestIndex } from './axis-of.ts';

/**
 * The channels [first, end) between two values of a signal axis, both nearest channels included; in either order.
 * @throws EigenscopeError `parameter-out-of-range` when both lie outside on the same side
 */
export function channelRange(
  axis: Axis,
  start: number | null,
  end: number | null,
  params: readonly [string, string] = ['start', 'end'],
): readonly [first: number, end: number] {
  const from = start === null ? 0 : nearestIndex(axis, start);
  const to = end === null ? axis.size - 1 : nearestIndex(axis, end);
  const low = axis.values?.[0] ?? axis.offset;
  const high = axis.values?.at(-1) ?? axis.offset + axis.scale * (axis.size - 1);
  const [least, most] = low < high ? [low, high] : [high, low];
  const half = Math.abs(axis.scale) / 2;
  const outside = (value: number | null): number =>
    value === null ? 0 : value < least - half ? -1 : value > most + half ? 1 : 0;
  if (outside(start) * outside(end) === 1 || (start !== null && end === null && outside(start) === 1)) {
    const units = axis.units ?? '';
    throw new EigenscopeError(
      'parameter-out-of-range',
      `${params[0]}: ${start} to ${end ?? 'the end'} lies outside of ${axis.name}, which goes from ${low} to ${high} ${units}.`.trim(),
      { param: params[0] },
    );
  }
  return from <= to ? [from, to + 1] : [to, from + 1];
}
