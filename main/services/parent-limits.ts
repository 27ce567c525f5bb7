import type { ResultRecord } from '../../workers/model/result.ts';
import type { AlgorithmSpec, Limit } from '../../workers/specs/algorithm.ts';
import type { Problem } from './prepare-run.ts';

type Held = Pick<ResultRecord, 'name' | 'operation' | 'parameters' | 'scalars' | 'arrays'>;

export interface ParentLimits {
  limits: Readonly<Record<string, Limit>>;
  problems: Problem[];
}

const NONE: ParentLimits = { limits: {}, problems: [] };
const COUNT = 'number_of_components';
const LIST = 'comp_list';

/**
 * What the results that a run is computed from say about its components: no more than there are, and a number where
 * they do not tell how many are signal.
 * @param lineage the result the run is applied to, what that was computed from, and so on; empty = the data
 */
export function parentLimits(
  spec: Pick<AlgorithmSpec, 'params' | 'family'>,
  values: Readonly<Record<string, unknown>>,
  lineage: readonly Held[],
): ParentLimits {
  if (spec.params[COUNT] === undefined) return NONE;
  const isSeparation = spec.family === 'blind_source_separation';
  const source = isSeparation ? 'decomposition' : values['cluster_source'];
  if (source !== 'decomposition' && source !== 'bss') return NONE;
  const array = source === 'bss' ? 'bss_loadings' : 'loadings';
  const from = lineage.find(({ arrays }) => arrays[array] !== undefined);
  if (from === undefined) {
    const needed = source === 'bss' ? 'separation' : 'decomposition';
    const param = isSeparation ? null : 'cluster_source';
    const message = `There is no ${needed} that this is computed from. Run one first and apply this to it.`;
    return { limits: {}, problems: [{ param, message }] };
  }
  const available = from.arrays[array]?.shape[1] ?? 1;
  const why = `${from.name} has ${available} component${available === 1 ? '' : 's'}`;
  const { min } = spec.params[COUNT] as { min: number };
  const problem =
    componentProblem(values, available, why) ?? missingCount(isSeparation, source, values, from, available);
  return { limits: { [COUNT]: { min, max: available, why } }, problems: problem === null ? [] : [problem] };
}

function componentProblem(values: Readonly<Record<string, unknown>>, available: number, why: string): Problem | null {
  const count = values[COUNT];
  if (typeof count === 'number' && count > available) {
    const range = available === 1 ? '1' : `from 1 to ${available}`;
    return { param: COUNT, message: `${COUNT} must be ${range}, because ${why}; got ${count}.` };
  }
  const list = values[LIST];
  const outside = Array.isArray(list)
    ? list.find((index: number) => index >= available)
    : typeof list === 'number' && list > available
      ? list
      : undefined;
  if (outside === undefined) return null;
  const takes = Array.isArray(list) ? `indices from 0 to ${available - 1}` : `at most ${available}`;
  return { param: LIST, message: `${LIST} takes ${takes}, because ${why}; got ${outside}.` };
}

/** A number is needed where nothing tells signal from noise: as separations and clusterings refuse it when they run. */
function missingCount(
  isSeparation: boolean,
  source: 'decomposition' | 'bss',
  values: Readonly<Record<string, unknown>>,
  from: Held,
  available: number,
): Problem | null {
  if ((values[COUNT] ?? values[LIST] ?? null) !== null || source === 'bss') return null;
  const significant = from.scalars['number_significant_components'];
  if (!isSeparation) {
    if (typeof significant === 'number') return null;
    return {
      param: COUNT,
      message: `${COUNT} must be given: ${from.name} does not tell how many of its ${available} components are signal.`,
    };
  }
  const isWhole = from.operation === 'decomposition' && typeof from.parameters['output_dimension'] !== 'number';
  // factors of another origin bring their own number
  if (!isWhole || available === 1 || (values['factors'] ?? null) !== null) return null;
  const hint = typeof significant === 'number' ? ` The scree plot suggests ${significant}.` : '';
  return {
    param: COUNT,
    message: `${COUNT} must be given: ${from.name} has ${available} components, most of them noise.${hint}`,
  };
}
