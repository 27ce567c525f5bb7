import type { AlgorithmSpec, Limit } from '../../workers/specs/algorithm.ts';
import type { OriginChoice } from './origins.ts';

/** Bounds that the result sets from which a run is computed: no more components than it has. */
export function originLimits(
  spec: Pick<AlgorithmSpec, 'params'>,
  origin: Pick<OriginChoice, 'name' | 'components'>,
): Readonly<Record<string, Limit>> {
  const param = spec.params['number_of_components'];
  if (param?.kind !== 'integer' || origin.components === 0) return {};
  const { components } = origin;
  return {
    number_of_components: {
      min: param.min,
      max: components,
      why: `${origin.name} has ${components} component${components === 1 ? '' : 's'}`,
    },
  };
}

/** Of two bounds on a parameter the narrower, with its reason; of equal ones the second. */
export function narrowedLimits(
  first: Readonly<Record<string, Limit>>,
  second: Readonly<Record<string, Limit>>,
): Readonly<Record<string, Limit>> {
  const merged: Record<string, Limit> = { ...first };
  for (const [id, limit] of Object.entries(second)) {
    const known = merged[id];
    merged[id] =
      known === undefined || limit.max <= known.max
        ? { ...limit, min: Math.max(limit.min, known?.min ?? limit.min) }
        : { ...known, min: Math.max(limit.min, known.min) };
  }
  return merged;
}
