import type { ResultRecord } from '../../workers/model/result.ts';

/** One measure over the number of clusters, and what it suggests. */
export interface CountCurve {
  id: string;
  label: string;
  /** how it is read: "higher is better" */
  reading: string;
  /** array of the values, one per number */
  values: string;
  /** array of the numbers, or null where `counts` holds them */
  index: string | null;
  counts: readonly number[] | null;
  best: number | null;
}

type Record_ = Pick<ResultRecord, 'arrays' | 'scalars' | 'parameters' | 'kind'>;

const metrics: Readonly<Record<string, readonly [label: string, reading: string]>> = {
  gap: ['Gap statistic', 'the first not below the next'],
  silhouette: ['Silhouette', 'higher is better'],
  elbow: ['Within-cluster spread (log)', 'look for the bend'],
  calinski_harabasz: ['Caliński–Harabasz', 'higher is better'],
  davies_bouldin: ['Davies–Bouldin', 'lower is better'],
  stability: ['Stability', 'higher is better'],
};

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : null;

/** The measures in a result that compares numbers of clusters; empty for any other result. */
export function curvesOf(record: Record_): CountCurve[] {
  if (record.kind !== 'estimate') return [];
  if ('cluster_metric_data' in record.arrays) {
    const metric = String(record.parameters['metric'] ?? 'gap');
    const [label, reading] = metrics[metric] ?? [metric.replaceAll('_', ' '), ''];
    const index = 'cluster_metric_index' in record.arrays ? 'cluster_metric_index' : null;
    const best = whole(record.scalars['best_k']);
    return [{ id: metric, label, reading, values: 'cluster_metric_data', index, counts: null, best }];
  }
  const tried = record.parameters['n_components'];
  const length = record.arrays['bic']?.shape[0] ?? 0;
  const counts = Array.isArray(tried) ? tried.map(Number) : Array.from({ length }, (_, i) => i + 1);
  return (['bic', 'aic'] as const).flatMap((id) =>
    id in record.arrays
      ? [
          {
            id,
            label: id === 'bic' ? 'BIC of Gaussian mixtures' : 'AIC of Gaussian mixtures',
            reading: 'lower is better',
            values: id,
            index: null,
            counts,
            best: whole(record.scalars[`best_k_${id}`]),
          },
        ]
      : [],
  );
}

/**
 * Comparisons of numbers of clusters on the same values, newest first.
 * @param origin what the pixels are compared by: the result that the comparison is a child of (null = the data), and
 * the value of the parameter that says which values
 */
export function countEstimates<R extends Record_ & Pick<ResultRecord, 'parent' | 'dataset'>>(
  results: readonly R[],
  dataset: string,
  origin: { parent: string | null; source: string | null },
): R[] {
  return results
    .filter(
      (record) =>
        record.dataset === dataset &&
        record.parent === origin.parent &&
        (record.parameters['cluster_source'] ?? null) === origin.source &&
        curvesOf(record).length > 0,
    )
    .toReversed();
}
