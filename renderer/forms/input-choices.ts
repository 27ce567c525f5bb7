import { elementCount } from '../../workers/model/dtype.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { Param } from '../../workers/specs/param.ts';

/** A data set that can stand in an input field. */
export interface InputChoice {
  id: string;
  name: string;
}

interface Candidate {
  id: string;
  name: string;
  shape: readonly number[];
  axes: readonly Axis[];
  dtype: string;
}

const sizes = (axes: readonly Axis[]): number[] => axes.map((axis) => axis.size);
const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/**
 * The opened data sets whose shape fits: a navigation mask has the navigation shape, a signal mask the signal shape
 * (as an image or flat), an array the shape of the data. Boolean ones first, since they are masks for certain.
 */
export function inputChoices(
  param: Param & { kind: 'input' },
  target: { id: string; shape: readonly number[]; axes: readonly Axis[] },
  opened: readonly Candidate[],
): InputChoice[] {
  const wanted =
    param.role === 'navigation_mask'
      ? sizes(navigationAxes(target.axes))
      : param.role === 'signal_mask'
        ? sizes(signalAxes(target.axes))
        : [...target.shape];
  const flat = [elementCount(wanted)];
  return opened
    .filter((dataset) => dataset.id !== target.id)
    .filter((dataset) => sameShape(dataset.shape, wanted) || (param.role !== 'array' && sameShape(dataset.shape, flat)))
    .sort((a, b) => Number(b.dtype === 'bool') - Number(a.dtype === 'bool'))
    .map(({ id, name }) => ({ id, name }));
}
