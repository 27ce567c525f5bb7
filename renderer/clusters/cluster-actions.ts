/*
 * What changes the project from the cluster view; each is undoable.
 *   displayClusters(result, display, what)   names, colours and merging
 *   makeMask(dataset, leftOut, name, parent) a navigation mask from pixels
 *   clusterInto(record, clusters)            the same clustering again with another number of clusters
 */
import type { DatasetId, ResultId } from '../../main/contract/methods.ts';
import type { ClusterDisplay } from '../../workers/model/cluster-display.ts';
import { formatNumber } from '../../workers/figure/format-number.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import { suggestName } from '../results/result-names.ts';
import { undo } from '../state/actions.ts';
import { startJob } from '../state/start-job.ts';
import { client } from '../state/connection.ts';
import { project, takeProject } from '../state/project.svelte.ts';
import { attempt, toasts, undoLabel } from '../state/toasts.svelte.ts';
import { parametersFor } from './cut-again.ts';
import { countOf, runsOf } from './pixel-sets.ts';

export async function displayClusters(result: string, display: ClusterDisplay | null, what: string): Promise<void> {
  const state = await attempt(() => client().call('result.display', { result: result as ResultId, display, what }));
  if (state !== undefined) takeProject(state);
}

/**
 * @param leftOut 1 = the mask leaves the pixel out
 * @param parent what the pixels were chosen in; null: the data
 * @returns whether it was made
 */
export async function makeMask(
  dataset: DatasetId,
  leftOut: Uint8Array,
  name: string,
  parent: string | null,
): Promise<boolean> {
  const runs = runsOf(leftOut);
  const state = await attempt(() =>
    client().call('dataset.mask', { dataset, runs, name, parent: parent as ResultId | null }),
  );
  if (state === undefined) return false;
  takeProject(state);
  const count = formatNumber(countOf(leftOut), 0);
  toasts.tell(`${name} leaves out ${count} px. Choose it as navigation mask in the next run.`, {
    label: undoLabel,
    run: () => void undo(),
  });
  return true;
}

/** Starts a job like that of an agglomerative result; its toast offers the new result when it is finished. */
export async function clusterInto(record: ResultRecord, clusters: number): Promise<void> {
  const parameters = parametersFor(record.parameters, clusters);
  const taken = project.results.filter((one) => one.dataset === record.dataset).map((one) => one.name);
  await attempt(() =>
    startJob({
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
