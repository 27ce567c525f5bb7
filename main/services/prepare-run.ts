import type { InputArray, ParentResult, RunInput } from '../../workers/job.ts';
import { fitPeaks } from '../../workers/algorithms/features/fit_peaks/spec.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { AlgorithmSpec, DataShape } from '../../workers/specs/algorithm.ts';
import { checkLimits } from '../../workers/specs/limits.ts';
import { defaultValues, validateParameters } from '../../workers/specs/validate.ts';

/** Parameters that name an input (a mask, an array), with the id they name. */
export function namedInputs(
  spec: AlgorithmSpec,
  values: Readonly<Record<string, unknown>>,
): [param: string, id: string][] {
  return Object.entries(spec.params).flatMap(([name, param]): [string, string][] => {
    const id = values[name];
    if (param.kind !== 'input' || typeof id !== 'string') return [];
    return param.words?.some((word) => word.value === id) ? [] : [[name, id]];
  });
}

/** Arrays of a result that stand for it where another one asks for a signal, [samples × columns] or of the shape of the data: the first there is. */
const signalArrays = ['parameter_maps', 'embedding', 'bss_loadings', 'loadings', 'model', 'residual'];

/** A result as an input array, one row per pixel; null when it has none. */
export function signalOfResult(
  arrays: AlgorithmOutput['arrays'],
  { operation, scalars, parameters }: Pick<ResultRecord, 'operation' | 'scalars' | 'parameters'>,
): InputArray | null {
  const mask = arrays['navigation_mask'];
  if (mask?.dtype === 'bool') return { shape: mask.shape, dtype: 'bool', data: Float64Array.from(mask.data) };
  const name = signalArrays.find((one) => arrays[one]?.dtype === 'float64');
  const array = name === undefined ? undefined : arrays[name];
  if (array?.dtype !== 'float64') return null;
  const count = Number(scalars['n_peaks']);
  const isFit = operation === fitPeaks.id && name === 'parameter_maps' && array.shape[1] === 3 * count;
  const peaks = { count, width: parameters['width'] === 'sigma' ? 'sigma' : 'fwhm' } as const;
  return { shape: array.shape, dtype: 'float64', data: array.data, ...(isFit ? { peaks } : {}) };
}

/** What the masks leave, for limits and estimates. */
export function keptShape(
  data: { samples: number; features: number; dtype: DataShape['dtype'] },
  inputs: Readonly<Record<string, InputArray>>,
): DataShape {
  const kept = (all: number, mask: InputArray | undefined): number =>
    mask === undefined || mask.data.length !== all ? all : all - mask.data.reduce((n, v) => n + (v !== 0 ? 1 : 0), 0);
  return {
    samples: kept(data.samples, inputs['navigation_mask']),
    features: kept(data.features, inputs['signal_mask']),
    dtype: data.dtype,
  };
}

export interface Problem {
  param: string | null;
  message: string;
}

/**
 * Everything about the parameters that would keep a run from starting, in the words of the form.
 * @param shape bounds that depend on the data are checked when it is given
 * @returns the values with defaults filled in; only the defaults when something is wrong with them.
 */
export function findProblems(
  spec: AlgorithmSpec,
  given: Readonly<Record<string, unknown>>,
  shape: DataShape | null,
): { values: Record<string, unknown>; problems: Problem[] } {
  const checked = validateParameters(spec, given);
  if (!checked.ok) return { values: defaultValues(spec.params), problems: [...checked.problems] };
  const values = { ...checked.values };
  return { values, problems: shape === null ? [] : checkLimits(spec, shape, values as never) };
}

/** @throws EigenscopeError `parameter-out-of-range` with the first problem, if any. */
export function requireNoProblems(problems: readonly Problem[], where = ''): void {
  const first = problems[0];
  if (first === undefined) return;
  throw new EigenscopeError('parameter-out-of-range', `${where}${first.message}`, { param: first.param ?? '' });
}

/** The input of a run from rows, axes and loaded inputs. */
export function assembleInput(
  data: RowSource,
  axes: readonly Axis[],
  inputs: Readonly<Record<string, InputArray>>,
  parent: ParentResult | null,
): RunInput {
  return {
    data,
    navigationShape: navigationAxes(axes).map((a) => a.size),
    signalShape: signalAxes(axes).map((a) => a.size),
    axes: [...navigationAxes(axes), ...signalAxes(axes)],
    inputs,
    ...(parent === null ? {} : { parent }),
  };
}

/** How much the masks left out, kept with the scalars of a result. */
export const leftOut = (all: { samples: number; features: number }, kept: DataShape): Record<string, number> => ({
  masked_pixels: all.samples - kept.samples,
  masked_channels: all.features - kept.features,
});
