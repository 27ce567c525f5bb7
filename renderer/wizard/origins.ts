import type { ResultRecord } from '../../workers/model/result.ts';
import { elementCount } from '../../workers/model/dtype.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { navigationAxes } from '../../workers/model/signal.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { fitPeaks } from '../../workers/algorithms/features/fit_peaks/spec.ts';
import { originsOf } from '../../workers/specs/registry.ts';
import { sourceParamOf } from './kinds.ts';

/** Something that a run can be computed from. */
export interface OriginChoice {
  /** id of the data set or result */
  id: string;
  name: string;
  /** heading in the list of choices */
  group: string;
  /** the result that the run becomes a child of */
  parent: string | null;
  /** what the parameter for the compared values then is; null where the method has none */
  source: string | null;
  /** components that the run can choose from; 0 = it has none */
  components: number;
  /** peaks of a fit whose maps can be compared; 0 = it is none */
  peaks: number;
  /** its components are ordered by what they explain, so that the first ones are the signal */
  isOrdered: boolean;
}

interface Data {
  id: string;
  name: string;
  axes: readonly Axis[];
  shape: readonly number[];
}

type Result = Pick<ResultRecord, 'id' | 'name' | 'kind' | 'operation' | 'dataset' | 'arrays'>;

/** Arrays of a result that can be compared pixel by pixel besides loadings. */
const perPixel = ['parameter_maps', 'embedding'] as const;

const groups = {
  data: 'The data',
  decomposition: 'Loadings',
  blind_source_separation: 'Separated loadings',
  values: 'Other results',
  other: 'Other data of this area',
} as const;

const columnsOf = (record: Result, name: string): number => record.arrays[name]?.shape[1] ?? 0;

/**
 * What a method can be computed from, of one data set: the data, its decompositions and separations, other results
 * with values per pixel, and other opened data of the same area. Newest results first.
 */
export function originChoices(
  spec: AlgorithmSpec,
  dataset: Data,
  datasets: readonly Data[],
  results: readonly Result[],
): OriginChoice[] {
  const allowed = originsOf(spec);
  const hasSource = sourceParamOf(spec) !== null;
  const own = results.filter((record) => record.dataset === dataset.id).toReversed();
  const of = (record: Result, prefix: 'bss_' | '', group: string, source: string): OriginChoice[] => {
    const components = columnsOf(record, `${prefix}loadings`);
    if (components === 0) return [];
    return [
      {
        id: record.id,
        name: record.name,
        group,
        parent: record.id,
        source: hasSource ? source : null,
        components,
        peaks: 0,
        isOrdered: 'explained_variance_ratio' in record.arrays,
      },
    ];
  };
  const choices: OriginChoice[] = [];
  if (allowed.includes('data')) {
    choices.push({
      id: dataset.id,
      name: hasSource ? `Spectra of ${dataset.name}` : dataset.name,
      group: groups.data,
      parent: null,
      source: hasSource ? 'signal' : null,
      components: 0,
      peaks: 0,
      isOrdered: false,
    });
  }
  for (const kind of ['decomposition', 'blind_source_separation'] as const) {
    if (!allowed.includes(kind)) continue;
    const isSeparation = kind === 'blind_source_separation';
    choices.push(
      ...own
        .filter((record) => record.kind === kind)
        .flatMap((record) => of(record, isSeparation ? 'bss_' : '', groups[kind], isSeparation ? 'bss' : kind)),
    );
  }
  if (!hasSource) return choices;
  for (const record of own) {
    if (perPixel.every((name) => columnsOf(record, name) === 0)) continue;
    const parent = allowed.includes(record.kind) ? record.id : null;
    choices.push({
      id: record.id,
      name: record.name,
      group: groups.values,
      parent,
      source: record.id,
      components: 0,
      peaks: record.operation === fitPeaks.id ? Math.floor(columnsOf(record, 'parameter_maps') / 3) : 0,
      isOrdered: false,
    });
  }
  const pixels = pixelsOf(dataset.axes);
  for (const other of datasets) {
    if (other.id === dataset.id || !fitsArea(other, pixels)) continue;
    choices.push({
      id: other.id,
      name: other.name,
      group: groups.other,
      parent: null,
      source: other.id,
      components: 0,
      peaks: 0,
      isOrdered: false,
    });
  }
  return choices;
}

const pixelsOf = (axes: readonly Axis[]): number[] => navigationAxes(axes).map((axis) => axis.size);

/** Has the same pixels in front, or as an image of its own. */
function fitsArea(other: Data, pixels: readonly number[]): boolean {
  if (pixels.length === 0) return false;
  return pixels.every((size, i) => other.shape[i] === size) && elementCount(other.shape) > 0;
}

/** The choice that a result leads to: itself, or the nearest one that it was made from; null when there is none. */
export function originFor(
  choices: readonly OriginChoice[],
  results: readonly Pick<ResultRecord, 'id' | 'parent'>[],
  result: string | null,
): OriginChoice | null {
  for (let id = result, steps = 0; id !== null && steps < 64; steps++) {
    const found = choices.find((choice) => choice.id === id);
    if (found !== undefined) return found;
    id = results.find((record) => record.id === id)?.parent ?? null;
  }
  return null;
}

/** Without anything chosen: components rather than whole spectra, ordered ones first, the newest of them. */
export const defaultOrigin = (choices: readonly OriginChoice[]): OriginChoice | null =>
  choices.find((choice) => choice.isOrdered) ?? choices.find((choice) => choice.components > 0) ?? choices[0] ?? null;
