import type { Axis } from '../../../model/axes.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { axisIndexOf, nearestIndex, sliceAxis } from '../pipeline/axis-of.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import { openWindow } from '../pipeline/window.ts';
import type { crop } from './spec.ts';

type Values = StepValues<typeof crop>;

/** Index of one end of the range; a value is rounded to the nearest index, a negative index counts from the end. */
function boundOf(axis: Axis, told: number | null, by: Values['by'], otherwise: number): number {
  if (told === null) return otherwise;
  if (by === 'index') return Math.min(axis.size, Math.max(0, told < 0 ? axis.size + told : told));
  const uniform = axis.values === undefined;
  return uniform
    ? Math.min(axis.size, Math.max(0, Math.round((told - axis.offset) / axis.scale)))
    : nearestIndex(axis, told);
}

/** The kept part [first, end) of the axis; on a falling axis the ends may come in either order. */
function rangeOf(axis: Axis, { start, end, by }: Values): [first: number, end: number] {
  let first = boundOf(axis, start, by, 0);
  let last = boundOf(axis, end, by, axis.size);
  if (by === 'value' && last < first && start !== null && end !== null) [first, last] = [last, first];
  if (![first, last].every(Number.isInteger)) {
    throw new EigenscopeError('parameter-out-of-range', 'start and end must be whole numbers when they are indices.', {
      param: 'start',
    });
  }
  if (last <= first) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `start: nothing of ${axis.name || 'the axis'} (${axis.size} values) is left between ${start ?? 'its beginning'} and ${end ?? 'its end'}. Give a wider range.`,
      { param: 'start' },
    );
  }
  return [first, last];
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    const index = axisIndexOf(signal.axes, values.axis!);
    const [first, end] = rangeOf(signal.axes[index]!, values);
    const axis = sliceAxis(signal.axes[index]!, first, end, values.step);
    return { axes: signal.axes.with(index, axis), shape: signal.shape.with(index, axis.size) };
  },

  open({ signal, pixels }, to, values) {
    const index = axisIndexOf(signal.axes, values.axis!);
    const [first] = rangeOf(signal.axes[index]!, values);
    const zeros = to.shape.map(() => 0);
    return openWindow(pixels, to, zeros.with(index, first), to.shape.map(() => 1).with(index, values.step));
  },
};
