/*
 * A clustering made again with another number of clusters.
 *   whyNotAgain(clusters, present, place)   the reason, or null when it can be
 *   parametersFor(parameters, clusters)     what the job gets
 * Starting it: cluster-actions.ts.
 */
import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';

interface Place {
  readOnly: string | null;
  dataset: Pick<DatasetSummary, 'missing'> | null;
}

export function whyNotAgain(clusters: number, present: number, { readOnly, dataset }: Place): string | null {
  if (readOnly !== null) return readOnly;
  if (dataset === null) return 'The data of this result are not open.';
  if (dataset.missing !== null) return dataset.missing;
  return clusters === present ? `This result has ${clusters} already; move the cut.` : null;
}

/** The same with another number of clusters, which takes the place of a largest distance. */
export const parametersFor = (parameters: ResultRecord['parameters'], clusters: number): Record<string, unknown> => ({
  ...parameters,
  n_clusters: clusters,
  distance_threshold: null,
});
