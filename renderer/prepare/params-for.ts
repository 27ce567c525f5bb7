import { printUnits } from '../../workers/figure/si-units.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { AlgorithmSpec, Limit } from '../../workers/specs/algorithm.ts';
import type { ParamSet } from '../../workers/specs/param.ts';
import type { FormValues } from '../forms/form-model.ts';
import type { NumberList } from '../forms/number-list.ts';
import { axisNamed } from './axis-choices.ts';
import { fieldRange } from './window-params.ts';

type Described = Pick<AlgorithmSpec, 'id' | 'params'>;

/** The numbers along an axis that the data know: their parameters, and the axis. */
function alongAxis(
  { params }: Described,
  values: FormValues,
  axes: readonly Axis[],
): { ids: string[]; axis: Axis } | null {
  const ids = ['start', 'end', 'position'].filter((id) => params[id]?.kind === 'number');
  const signal = axes.filter(({ navigate }) => !navigate);
  const index = params['axis']?.kind === 'axis' ? axisNamed(axes, values['axis']) : null;
  const axis = index === null ? (signal.length === 1 ? signal[0] : undefined) : axes[index];
  return ids.length === 0 || axis === undefined ? null : { ids, axis };
}

const isIndex = (values: FormValues): boolean => values['by'] === 'index';

/** The parameters of a step with the units of the axis that they are told in. */
export function paramsFor(spec: Described, values: FormValues, axes: readonly Axis[]): ParamSet {
  const along = alongAxis(spec, values, axes);
  const unit = along === null || isIndex(values) ? null : printUnits(along.axis.units);
  if (along === null || unit === null) return spec.params;
  return Object.fromEntries(
    Object.entries(spec.params).map(([id, param]) => [
      id,
      param.kind === 'number' && along.ids.includes(id) ? { ...param, unit } : param,
    ]),
  );
}

/** How far these numbers can go, and how far one arrow key takes them. */
export function rangesFor(
  spec: Described,
  values: FormValues,
  axes: readonly Axis[],
): { limits: Readonly<Record<string, Limit>>; steps: Readonly<Record<string, number>> } {
  const along = alongAxis(spec, values, axes);
  if (along === null) return { limits: {}, steps: {} };
  const { step, min, max } = fieldRange({ isIndex: isIndex(values), isEndIncluded: spec.id !== 'crop' }, along.axis);
  const why = `${along.axis.name || 'The axis'} goes from ${min} to ${max}`;
  return {
    limits: Object.fromEntries(along.ids.map((id) => [id, { min, max, why }])),
    steps: Object.fromEntries(along.ids.map((id) => [id, step])),
  };
}

/** Lists of numbers that belong to the axes of the data. */
export function listsFor(
  { id }: Pick<AlgorithmSpec, 'id'>,
  axes: readonly Axis[],
): Readonly<Record<string, NumberList>> {
  const nameOf = (axis: Axis): string => axis.name || `axis ${axes.indexOf(axis)}`;
  const all = axes.map(nameOf);
  if (id === 'rebin') return { scale: { kind: 'each', names: all } };
  if (id === 'transpose') return { signal_axes: { kind: 'some', names: all } };
  if (id !== 'select_region') return {};
  const names = axes.filter(({ navigate }) => navigate).map(nameOf);
  return { start: { kind: 'each', names }, end: { kind: 'each', names } };
}
