/*
 * A clustering made again with another number of clusters.
 *   whyNotAgain(clusters, present, problem)   the reason, or null when it can be
 *   clusterInto(record, clusters)             starts the same job with that number
 */
import type { DatasetId, DatasetSummary, ResultId } from '../../main/contract/methods.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { FormValues } from '../forms/form-model.ts';
import { suggestName } from '../results/result-names.ts';
import { client } from '../state/connection.ts';
import { project } from '../state/project.svelte.ts';
import { attempt } from '../state/toasts.svelte.ts';

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

/** What the job gets: the number of clusters takes the place of a largest distance. */
export const parametersFor = (parameters: ResultRecord['parameters'], clusters: number): FormValues =>
  ({ ...parameters, n_clusters: clusters, distance_threshold: null }) as FormValues;

export async function clusterInto(record: ResultRecord, clusters: number): Promise<void> {
  const parameters = parametersFor(record.parameters, clusters);
  const taken = project.results.filter((one) => one.dataset === record.dataset).map((one) => one.name);
  await attempt(() =>
    client().call('job.start', {
      dataset: record.dataset as DatasetId,
      operation: record.operation,
      algorithm: record.algorithm,
      parent: record.parent as ResultId | null,
      parameters: parameters as Metadata,
      seed: record.seed,
      name: suggestName(record.algorithm ?? record.operation, parameters, taken),
    }),
  );
}
