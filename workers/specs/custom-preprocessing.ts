import type { AlgorithmSpec } from './algorithm.ts';
import type { Param, ParamSet } from './param.ts';

/** A custom preparation of the values that are clustered, as clusterings offer it under `preprocessing`. */
export interface CustomPreprocessing {
  /** value of `preprocessing` that asks for it */
  id: string;
  title: string;
  /** its own parameters, under `ID_NAME`, shown only where it is chosen */
  parameters: ParamSet;
  /** memory that its thread may use */
  bytes: number;
}

/** Name of a parameter of a custom preparation among those of a clustering: two of them may have the same. */
export const preprocessingParam = (id: string, name: string): string => `${id}_${name}`;

/** Parameters of clusterings after which those of custom preparations stand. */
const last = 'power';

const takesPreprocessing = ({ params }: Pick<AlgorithmSpec, 'params'>): boolean =>
  params['preprocessing']?.kind === 'choice' && params['cluster_source'] !== undefined;

/**
 * Descriptions of clusterings with custom preparations among the choices of `preprocessing`; the others as they are.
 * What clusterings share they share afterwards as well.
 */
export function withPreprocessings(
  specs: readonly AlgorithmSpec[],
  custom: readonly CustomPreprocessing[],
): readonly AlgorithmSpec[] {
  if (custom.length === 0) return specs;
  const extended = new Map<Param, Param>();
  const own = custom.flatMap(({ parameters }) => Object.entries(parameters));
  const choice = (param: Param): Param => {
    if (param.kind !== 'choice') return param;
    const added = custom.map(({ id, title }) => ({ value: id, label: title }));
    const known = extended.get(param) ?? { ...param, options: [...param.options, ...added] };
    extended.set(param, known);
    return known;
  };
  return specs.map((spec): AlgorithmSpec => {
    if (!takesPreprocessing(spec)) return spec;
    const entries = Object.entries(spec.params).flatMap(([id, param]): [string, Param][] => [
      [id, id === 'preprocessing' ? choice(param) : param],
      ...(id === last ? own : []),
    ]);
    return {
      ...spec,
      params: Object.fromEntries(entries),
      estimate(shape, values, threads) {
        const found = spec.estimate(shape, values, threads);
        const chosen = custom.find(({ id }) => id === (values as Record<string, unknown>)['preprocessing']);
        // its thread, and what it gives back, taken to be as large as what it gets
        const bytes = chosen === undefined ? 0 : chosen.bytes + 8 * shape.samples * shape.features;
        return { ...found, bytes: found.bytes + bytes };
      },
    };
  });
}
