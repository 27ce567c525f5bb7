/*
 * Data sets made of data, each undone by undo.
 *   applyStep(dataset, spec, values, name)   the data set that a step makes, opened and selected
 *   startMask(dataset, spec, values)         a mask by threshold: a job, its mask a result
 *   cutOutRegion(dataset, start, end)        a box of the map
 *   keepPixels(dataset, set, name, parent)   pixels of any form, with the mask that leaves them: one step
 */
import type { DatasetSummary, OpenedDataset, ResultId } from '../../main/contract/methods.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { runsOf } from '../clusters/pixel-sets.ts';
import type { FormValues } from '../forms/form-model.ts';
import { takeOpened, undo } from '../state/actions.ts';
import { client } from '../state/connection.ts';
import { project } from '../state/project.svelte.ts';
import { startJob } from '../state/start-job.ts';
import { attempt, toasts, undoLabel } from '../state/toasts.svelte.ts';
import { outcomeName } from './step-words.ts';

export const automaticName = (dataset: DatasetSummary, operation: string, values: FormValues): string =>
  outcomeName(
    dataset.name,
    { operation, values },
    dataset.axes,
    project.datasets.map(({ name }) => name),
  );

export async function applyStep(
  dataset: DatasetSummary,
  operation: string,
  values: FormValues,
  name: string | null = null,
): Promise<DatasetSummary | null> {
  const answer = await attempt(() =>
    client().call('prepare.apply', {
      dataset: dataset.id,
      operation,
      parameters: { ...values } as Metadata,
      name: name ?? automaticName(dataset, operation, values),
    }),
  );
  if (answer === undefined) return null;
  return show(dataset, answer.opened);
}

/** Shows what was made of a data set. */
function show(dataset: DatasetSummary, opened: OpenedDataset): DatasetSummary {
  // large data take a moment: whoever looks at something else by now goes on with it
  takeOpened([opened], project.datasetId === dataset.id);
  toasts.tell(`${opened.summary.name} was made.`, { label: undoLabel, run: () => void undo() });
  return opened.summary;
}

export async function startMask(dataset: DatasetSummary, spec: AlgorithmSpec, values: FormValues): Promise<boolean> {
  const answer = await attempt(() =>
    startJob({
      dataset: dataset.id,
      operation: spec.id,
      algorithm: null,
      parent: null,
      parameters: { ...values } as Metadata,
      seed: 0,
      name: null,
    }),
  );
  return (answer ?? null) !== null;
}

export const cutOutRegion = (
  dataset: DatasetSummary,
  start: readonly number[],
  end: readonly number[],
): Promise<DatasetSummary | null> => applyStep(dataset, 'select_region', { start, end });

/**
 * @param set one byte per pixel, 1 = it is kept
 * @param name of the mask, which stays among the results
 * @param words what the pixels are, for the name of the data set
 */
export async function keepPixels(
  dataset: DatasetSummary,
  set: Uint8Array,
  name: string,
  words: string,
  parent: ResultId | null,
): Promise<DatasetSummary | null> {
  const answer = await attempt(() =>
    client().call('prepare.pixels', {
      dataset: dataset.id,
      runs: runsOf(set.map((v) => 1 - v)),
      name: `${dataset.name}, ${words}`,
      mask: name,
      parent,
    }),
  );
  return answer === undefined ? null : show(dataset, answer.opened);
}
