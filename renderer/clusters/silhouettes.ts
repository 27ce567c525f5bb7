import type { ResultRecord } from '../../workers/model/result.ts';
import type { ShownCluster } from './shown-clusters.ts';

/** Where the silhouettes of a clustering are kept: a row of an array of an estimate. */
export interface SilhouetteSource {
  result: string;
  name: string;
  array: string;
  /** row of [numbers of clusters × pixels] */
  row: number;
}

type Held = Pick<
  ResultRecord,
  'id' | 'name' | 'operation' | 'algorithm' | 'parent' | 'dataset' | 'parameters' | 'arrays' | 'seed'
>;

/** Parameters that must agree for two clusterings of the same values to be the same. */
const telling = ['cluster_source', 'preprocessing', 'number_of_components', 'components', 'use_decomposition_results'];
const ARRAY = 'silhouette_samples';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Silhouettes for this clustering from an estimate of the number of clusters: of the same values, made with the same
 * method and seed, for the same number of clusters; newest first. Null when there is none.
 */
export function silhouetteSource(record: Held, clusters: number, results: readonly Held[]): SilhouetteSource | null {
  if (record.operation !== 'cluster_analysis') return null;
  for (const one of results.toReversed()) {
    const shape = one.arrays[ARRAY]?.shape;
    if (one.operation !== 'estimate_number_of_clusters' || shape?.length !== 2) continue;
    const isSame =
      one.dataset === record.dataset &&
      one.parent === record.parent &&
      one.seed === record.seed &&
      same(one.parameters['algorithm'] ?? 'kmeans', record.algorithm) &&
      telling.every((name) => same(one.parameters[name], record.parameters[name]));
    // silhouettes begin at two clusters
    const row = clusters - 2;
    if (isSame && row >= 0 && row < (shape[0] ?? 0)) return { result: one.id, name: one.name, array: ARRAY, row };
  }
  return null;
}

/** The bars of one cluster in a silhouette plot. */
export interface SilhouetteBars {
  id: number;
  /** place of the first bar */
  start: number;
  /** highest first */
  values: Float64Array;
  mean: number;
}

/**
 * Silhouettes sorted within every cluster, the clusters one after the other (Rousseeuw, J. Comput. Appl. Math. 20, 53
 * (1987), fig. 3). Pixels without a silhouette (NaN: not compared) and clusters without any are left out.
 */
export function silhouetteBars(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  clusters: readonly Pick<ShownCluster, 'id'>[],
): SilhouetteBars[] {
  const own = new Map<number, number[]>(clusters.map(({ id }) => [id, []]));
  for (let p = 0; p < labels.length; p++) {
    const value = values[p] as number;
    if (Number.isFinite(value)) own.get(labels[p] as number)?.push(value);
  }
  let start = 0;
  return clusters.flatMap(({ id }): SilhouetteBars[] => {
    const sorted = Float64Array.from(own.get(id) ?? [])
      .sort()
      .reverse();
    if (sorted.length === 0) return [];
    const bars = { id, start, values: sorted, mean: sorted.reduce((a, b) => a + b, 0) / sorted.length };
    start += sorted.length;
    return [bars];
  });
}
