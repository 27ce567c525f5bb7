/*
 * The arrays of a decomposition, one array per component, for everything that draws results.
 *   watchResult(() => record | null, () => atLeast)   { current, isStale, error }; call while a component is set up
 *   loadResult(record, atLeast)                       the same once, as a promise
 *   isDecomposition(record)                           has factors and loadings
 */
import { untrack } from 'svelte';
import type { ResultId } from '../../main/contract/methods.ts';
import type { LoadedArray } from '../../main/contract/client.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import { isSigned } from '../../workers/figure/contrast.ts';
import { fetchResultArray } from '../state/arrays.svelte.ts';
import { project } from '../state/project.svelte.ts';
import { watchPromise, type Watched } from '../state/watch-promise.svelte.ts';
import { fetchAtOnce, MOST_COMPONENTS, splitColumns } from './columns.ts';
import { meanOwner } from './mean-owner.ts';
import { meanOf, type Mean } from './model.ts';
import { sharesOf, type Shares } from './shares.ts';

/** What is in the page of one result. */
export interface LoadedResult {
  record: ResultRecord;
  navigation: readonly Axis[];
  signal: readonly Axis[];
  /** components of the result; fewer may be in the page */
  components: number;
  /** [features] each, the first ones */
  factors: readonly Float64Array[];
  /** [samples] each, as many as factors */
  loadings: readonly Float64Array[];
  mean: Mean;
  shares: Shares;
  /** how alike each component came out from several starts, 0 … 1, where the method tells */
  stability: Float64Array | null;
  /** share of all variation that the first components hold together, where the method tells */
  captured: Float64Array | null;
  /** some loading or factor goes below zero */
  isSigned: boolean;
}

/** Has factors and loadings: a decomposition, or a separation of one. */
export const isDecomposition = (record: ResultRecord): boolean => namesOf(record) !== null;

export const isSeparation = (record: ResultRecord): boolean => 'bss_factors' in record.arrays;

/** Components that a record holds. */
export const componentCount = (record: ResultRecord): number => {
  const names = namesOf(record);
  return names === null ? 0 : (record.arrays[names.factors]?.shape[1] ?? 0);
};

function namesOf(record: ResultRecord): { factors: string; loadings: string } | null {
  for (const prefix of ['bss_', '']) {
    const names = { factors: `${prefix}factors`, loadings: `${prefix}loadings` };
    if (names.factors in record.arrays && names.loadings in record.arrays) return names;
  }
  return null;
}

const split = new WeakMap<LoadedArray, Float64Array[]>();
function columnsOf(array: LoadedArray): Float64Array[] {
  let columns = split.get(array);
  if (columns === undefined) {
    columns = splitColumns(array.data, array.shape[1] ?? 1);
    split.set(array, columns);
  }
  return columns;
}

const sizeOf = (axes: readonly Axis[]): number => axes.reduce((n, axis) => n * axis.size, 1);

/** Fetches the first components: as many as are small enough, at least `atLeast`, never more than 64. */
export async function loadResult(record: ResultRecord, atLeast = 0): Promise<LoadedResult> {
  const names = namesOf(record);
  const components = componentCount(record);
  const navigation = navigationAxes(record.axes);
  const signal = signalAxes(record.axes);
  if (names === null || components === 0) {
    throw new Error(`${record.name} holds no factors and loadings, so there is nothing to draw.`);
  }
  const shape = { samples: sizeOf(navigation), features: sizeOf(signal) };
  const wanted = Math.min(
    components,
    MOST_COMPONENTS,
    Math.max(atLeast, fetchAtOnce(components, shape.samples, shape.features)),
  );
  const id = record.id as ResultId;
  const optional = (name: string): Promise<LoadedArray | null> =>
    name in record.arrays ? fetchResultArray(id, name) : Promise.resolve(null);
  // looked up once: a change of the project is no reason to read the arrays again
  const owner = untrack(() =>
    meanOwner(record, [...project.results, ...(project.state?.bin ?? []).map((one) => one.record)]),
  );
  const [factors, loadings, ratio, captured, mean, stability] = await Promise.all([
    fetchResultArray(id, names.factors, [0, wanted]),
    fetchResultArray(id, names.loadings, [0, wanted]),
    names.factors === 'factors' ? optional('explained_variance_ratio') : Promise.resolve(null),
    names.factors === 'factors' ? optional('captured_fractions') : Promise.resolve(null),
    owner === null ? Promise.resolve(null) : fetchResultArray(owner.id as ResultId, 'mean'),
    optional('stability'),
  ]);
  const factorColumns = columnsOf(factors);
  const loadingColumns = columnsOf(loadings);
  return {
    record,
    navigation,
    signal,
    components,
    factors: factorColumns,
    loadings: loadingColumns,
    mean: meanOf(mean, shape),
    shares: sharesOf(record, ratio === null ? null : Float64Array.from(ratio.data), factorColumns, loadingColumns),
    stability: stability === null ? null : Float64Array.from(stability.data),
    captured: captured === null ? null : Float64Array.from(captured.data),
    isSigned: loadingColumns.some(isSigned) || factorColumns.some(isSigned),
  };
}

/** Stale while another result, or more of this one, is not here yet; nothing is left of it after a failure. */
export function watchResult(record: () => ResultRecord | null, atLeast: () => number = () => 0): Watched<LoadedResult> {
  const watched = watchPromise(() => {
    const count = atLeast();
    // a rename or a star makes a new record of the same result; its arrays are in the cache
    const wanted = record();
    return wanted === null ? null : loadResult(wanted, count);
  });
  return {
    get current() {
      return watched.error === null ? watched.current : null;
    },
    get isStale() {
      return watched.isStale;
    },
    get error() {
      return watched.error;
    },
  };
}
