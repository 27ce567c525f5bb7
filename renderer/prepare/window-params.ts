/*
 * The range of channels that a step is told by two numbers, as the band that is drawn over the spectrum.
 *   windowParamsOf(spec, values, axes)   which parameters these are and on which axis, or null
 *   windowOf(params, values, axis)       [first, end) channels, or null for all
 *   withWindow(params, draft, axis, w)   the numbers of a band that was dragged
 */
import { axisValue, axisValues, type Axis } from '../../workers/model/axes.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { nearestIndex } from '../charts/scale.ts';
import { isVisible, withValue, type FormDraft, type FormValues } from '../forms/form-model.ts';
import { axisNamed } from './axis-choices.ts';

export interface WindowParams {
  start: string;
  end: string;
  /** index of the axis in the array */
  axis: number;
  /** told by index from 0, not by value */
  isIndex: boolean;
  /** the channel that `end` names belongs to the window */
  isEndIncluded: boolean;
  /** without numbers the step takes all channels */
  isOptional: boolean;
}

/** Steps whose end is the first value that is left out. */
const endsBefore: ReadonlySet<string> = new Set(['crop']);

export function windowParamsOf(
  spec: Pick<AlgorithmSpec, 'id' | 'params'>,
  values: FormValues,
  axes: readonly Axis[],
): WindowParams | null {
  const { start, end, axis: named } = spec.params;
  if (start?.kind !== 'number' || end?.kind !== 'number' || !isVisible(start, values)) return null;
  const signal = axes.flatMap((axis, i) => (axis.navigate ? [] : [i]));
  const only = signal.length === 1 ? (signal[0] ?? null) : null;
  const index = named?.kind === 'axis' ? axisNamed(axes, values['axis']) : only;
  // a spectrum is drawn for one signal axis
  if (index === null || index !== only) return null;
  return {
    start: 'start',
    end: 'end',
    axis: index,
    isIndex: values['by'] === 'index',
    isEndIncluded: !endsBefore.has(spec.id),
    isOptional: start.optional !== undefined && end.optional !== undefined,
  };
}

const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Where a cut stands that a value names: between the channels, from 0 to the size of the axis. */
function cutAt(axis: Axis, value: number): number {
  if (axis.values !== undefined) return nearestIndex(axisValues(axis), value);
  return clamp(Math.round((value - axis.offset) / axis.scale), 0, axis.size);
}

export function windowOf(params: WindowParams, values: FormValues, axis: Axis): [number, number] | null {
  const [start, end] = [numberOrNull(values[params.start]), numberOrNull(values[params.end])];
  if (start === null && end === null) return null;
  const told = (value: number): number => {
    if (params.isIndex) return clamp(Math.round(value < 0 ? axis.size + value : value), 0, axis.size);
    return params.isEndIncluded ? nearestIndex(axisValues(axis), value) : cutAt(axis, value);
  };
  const beyond = params.isEndIncluded ? 1 : 0;
  let first = start === null ? 0 : told(start);
  let last = end === null ? axis.size - beyond : told(end);
  if (last < first) [first, last] = [last, first];
  return last + beyond > first ? [first, last + beyond] : null;
}

/** As short as tells a thousandth of a step. */
function rounded(axis: Axis, value: number): number {
  const step = Math.abs(axisValue(axis, 1) - axisValue(axis, 0));
  const decimals = step > 0 ? clamp(3 - Math.floor(Math.log10(step)), 0, 15) : 12;
  return Number(value.toFixed(decimals));
}

export function withWindow(
  params: WindowParams,
  draft: FormDraft,
  axis: Axis,
  window: readonly [number, number] | null,
): FormDraft {
  // a click takes a window away only where the step can do without one
  if (window === null && !params.isOptional) return draft;
  const isAll = window !== null && window[0] === 0 && window[1] === axis.size && params.isOptional;
  const [first, end] = window ?? [0, axis.size];
  const last = params.isEndIncluded ? end - 1 : end;
  const valueOf = (index: number): number => (params.isIndex ? index : rounded(axis, axisValue(axis, index)));
  // a listed axis has no value after its last one
  const isOpenEnd = !params.isEndIncluded && end === axis.size;
  const isWhole = window === null || isAll;
  const started = withValue(draft, params.start, isWhole || (first === 0 && params.isOptional) ? null : valueOf(first));
  const isEndLess = isWhole || ((isOpenEnd || end === axis.size) && params.isOptional);
  return withValue(started, params.end, isEndLess ? null : valueOf(last));
}

/** One step of the keys in a field of the window, and the bounds it can have, in its own units. */
export function fieldRange(
  params: Pick<WindowParams, 'isIndex' | 'isEndIncluded'>,
  axis: Axis,
): { step: number; min: number; max: number } {
  if (params.isIndex) return { step: 1, min: 0, max: axis.size };
  const ends = [axisValue(axis, 0), axisValue(axis, axis.size - (params.isEndIncluded ? 1 : 0))].map((v) =>
    rounded(axis, Number.isFinite(v) ? v : axisValue(axis, axis.size - 1)),
  ) as [number, number];
  const step = rounded(axis, Math.abs(axisValue(axis, Math.min(1, axis.size - 1)) - axisValue(axis, 0)));
  return { step: step > 0 ? step : 1, min: Math.min(...ends), max: Math.max(...ends) };
}
