import { axisValue, type Axis } from '../../workers/model/axes.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { draftFrom, type FormDraft, type FormValues } from '../forms/form-model.ts';
import { axisName } from './axis-choices.ts';
import { windowParamsOf, withWindow } from './window-params.ts';

/** What is known of the data and of where one looks, when a form is opened. */
export interface Situation {
  axes: readonly Axis[];
  /** box drawn on the map: starts of all navigation axes, then ends (exclusive) */
  box: readonly number[] | null;
  /** [first, end) channels chosen in the spectrum */
  window: readonly [number, number] | null;
  /** how this step was last done on such data */
  earlier?: FormValues;
  /** masks and others that fit, by parameter, the likeliest first */
  fitting: Readonly<Record<string, readonly { id: string }[]>>;
}

const indices = (axes: readonly Axis[], isWanted: (axis: Axis) => boolean): number[] =>
  axes.flatMap((axis, i) => (isWanted(axis) ? [i] : []));

/** Steps of geometry begin with something that does what they are for; others with their recommended values. */
function ofGeometry(id: string, { axes, box }: Situation): FormValues {
  const navigation = indices(axes, ({ navigate }) => navigate);
  const signal = indices(axes, ({ navigate }) => !navigate);
  const sizes = navigation.map((i) => axes[i]?.size ?? 1);
  switch (id) {
    case 'crop':
    case 'set_axis':
    case 'reduce_axis':
      return { axis: axisName(axes, signal[0] ?? 0) };
    case 'merge':
      return { axis: axisName(axes, 0) };
    case 'select_region':
      return box?.length === 2 * sizes.length && sizes.length > 0
        ? { start: box.slice(0, sizes.length), end: box.slice(sizes.length) }
        : { start: sizes.map(() => 0), end: sizes };
    case 'rebin': {
      const map = navigation.slice(-2).filter((i) => (axes[i]?.size ?? 1) > 1);
      const binned = map.length > 0 ? map : signal.slice(-1);
      return { scale: axes.map((_, i) => (binned.includes(i) ? 2 : 1)) };
    }
    case 'transpose':
      return { signal_axes: navigation.length > 0 && signal.length > 0 ? navigation : [axes.length - 1] };
    default:
      return {};
  }
}

/**
 * What belongs to one data set and is not remembered for its kind: axes, places and other data, which have no recommended
 * value, and all of a cut.
 */
export const isOwnValue = (spec: AlgorithmSpec, id: string): boolean =>
  spec.id === 'crop' || (spec.params[id]?.default ?? null) === null || spec.params[id]?.kind === 'text';

/** Where a background is fitted to until somebody knows better: a part before the middle. */
const windowShare = [0.05, 0.2] as const;

export function startingDraft(spec: AlgorithmSpec, situation: Situation): FormDraft {
  const chosen = Object.entries(spec.params).flatMap(([id, param]): [string, unknown][] => {
    const [first] = situation.fitting[id] ?? [];
    return param.kind === 'input' && param.role !== 'array' && param.default === null && first !== undefined
      ? [[id, first.id]]
      : [];
  });
  const draft = draftFrom(spec.params, situation.earlier ?? {});
  const values = { ...draft.values, ...ofGeometry(spec.id, situation), ...Object.fromEntries(chosen) };
  const started = { values, unreadable: {} };
  const params = windowParamsOf(spec, values, situation.axes);
  const axis = params === null ? undefined : situation.axes[params.axis];
  if (params === null || axis === undefined) return started;
  if (situation.window !== null) return withWindow(params, started, axis, situation.window);
  if (params.isOptional) return started;
  const first = Math.floor(windowShare[0] * axis.size);
  const end = Math.max(first + 2, Math.ceil(windowShare[1] * axis.size));
  const rising = axisValue(axis, 0) <= axisValue(axis, axis.size - 1);
  return withWindow(params, started, axis, rising ? [first, end] : [axis.size - end, axis.size - first]);
}
