/*
 * What changes the project from the cluster view; each is undoable.
 *   displayClusters(result, display, what)   names, colours and merging
 *   makeMask(dataset, leftOut, name, parent) a navigation mask from pixels
 */
import type { DatasetId, ResultId } from '../../main/contract/methods.ts';
import type { ClusterDisplay } from '../../workers/model/cluster-display.ts';
import { formatNumber } from '../../workers/figure/format-number.ts';
import { undo } from '../state/actions.ts';
import { client } from '../state/connection.ts';
import { takeProject } from '../state/project.svelte.ts';
import { attempt, toasts, undoLabel } from '../state/toasts.svelte.ts';
import { countOf, runsOf } from './pixel-sets.ts';

export async function displayClusters(result: string, display: ClusterDisplay | null, what: string): Promise<void> {
  const state = await attempt(() => client().call('result.display', { result: result as ResultId, display, what }));
  if (state !== undefined) takeProject(state);
}

/** @param leftOut 1 = the mask leaves the pixel out */
export async function makeMask(dataset: DatasetId, leftOut: Uint8Array, name: string, parent: string): Promise<void> {
  const runs = runsOf(leftOut);
  const state = await attempt(() => client().call('dataset.mask', { dataset, runs, name, parent: parent as ResultId }));
  if (state === undefined) return;
  takeProject(state);
  const count = formatNumber(countOf(leftOut), 0);
  toasts.tell(`${name} leaves out ${count} px. Choose it as navigation mask in the next run.`, {
    label: undoLabel,
    run: () => void undo(),
  });
}
