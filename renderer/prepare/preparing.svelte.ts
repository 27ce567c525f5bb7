/*
 * What is chosen in the panel that prepares data. It stays when the panel is closed.
 *   preparing.step, .spec            the step that is chosen
 *   preparing.name                   name of the outcome when one was given, else null
 *   preparing.isApplying
 *   draftFor(dataset, spec)          what its form holds: what was typed for these data, else what it begins with
 *   keepDraft(dataset, spec, draft)  after a change; forgetDraft(dataset, spec) back to the beginning;
 *                                    resetDraft(dataset, spec) to the recommended values
 *   rememberStep(dataset, spec, v)   for the next data of this kind
 *   openPreparation(step?)           opens the panel, at a step
 */
import type { DatasetId, DatasetSummary } from '../../main/contract/methods.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { navigationAxes } from '../../workers/model/signal.ts';
import type { FormDraft, FormValues } from '../forms/form-model.ts';
import { dataKindOf, lastUsedOf, rememberUse } from '../forms/last-used.ts';
import { validBox } from '../state/cursor-steps.ts';
import { inspectionOf } from '../state/inspection.svelte.ts';
import { openPanel, project, showView } from '../state/project.svelte.ts';
import { storedSetting, storeSettings } from '../state/settings.svelte.ts';
import { stepChoices } from './input-choices.ts';
import { isOwnValue, startingDraft } from './starting-values.ts';
import { stepOf } from './step-groups.ts';

class Preparing {
  step = $state('crop');
  name = $state<string | null>(null);
  isApplying = $state(false);
  /** by data set and step */
  drafts = $state.raw<ReadonlyMap<string, FormDraft>>(new Map());
  spec = $derived<AlgorithmSpec | null>(stepOf(this.step));
}

export const preparing = new Preparing();

const keyOf = (dataset: DatasetId, spec: AlgorithmSpec): string => `${dataset} ${spec.id}`;

/** Where one looks when the form is opened decides what it begins with; it does not run after the cursor. */
const begun = new Map<string, FormDraft>();

export function draftFor(dataset: DatasetSummary, spec: AlgorithmSpec): FormDraft {
  const key = keyOf(dataset.id, spec);
  const kept = preparing.drafts.get(key);
  if (kept !== undefined) return kept;
  // other axes, another beginning
  const shape = `${key} ${JSON.stringify(dataset.axes)}`;
  let draft = begun.get(shape);
  if (draft === undefined) {
    draft = beginningFor(dataset, spec);
    begun.set(shape, draft);
  }
  return draft;
}

function beginningFor(dataset: DatasetSummary, spec: AlgorithmSpec, isPlain = false): FormDraft {
  const { mode, box, window } = inspectionOf(dataset.id);
  const shape = navigationAxes(dataset.axes).map(({ size }) => size);
  const used = lastUsedOf({ lastUsed: storedSetting('lastUsed') ?? null }, spec.id, dataKindOf(dataset));
  return startingDraft(spec, {
    ...(used === null || isPlain ? {} : { earlier: used.values }),
    axes: dataset.axes,
    box: mode === 'box' ? validBox(box, shape) : null,
    window,
    fitting: stepChoices(spec, dataset, project.datasets, project.results),
  });
}

export function keepDraft(dataset: DatasetSummary, spec: AlgorithmSpec, draft: FormDraft): void {
  preparing.drafts = new Map(preparing.drafts).set(keyOf(dataset.id, spec), draft);
}

/** Remembers how a step was done, for the next data of this kind. */
export function rememberStep(dataset: DatasetSummary, spec: AlgorithmSpec, values: FormValues): void {
  const stored = { lastUsed: storedSetting('lastUsed') ?? null };
  const used = { algorithm: spec.id, values };
  storeSettings(rememberUse(stored, spec.id, dataKindOf(dataset), used, (id) => isOwnValue(spec, id)));
}

/** Back to the recommended values, whatever was used last; the places in the data as the form begins with them. */
export function resetDraft(dataset: DatasetSummary, spec: AlgorithmSpec): void {
  keepDraft(dataset, spec, beginningFor(dataset, spec, true));
}

export function forgetDraft(dataset: DatasetSummary, spec: AlgorithmSpec): void {
  const next = new Map(preparing.drafts);
  next.delete(keyOf(dataset.id, spec));
  preparing.drafts = next;
  begun.clear();
}

export function chooseStep(id: string): void {
  if (preparing.step === id) return;
  preparing.step = id;
  preparing.name = null;
}

export function openPreparation(step?: string): void {
  if (step !== undefined) chooseStep(step);
  // a box or a window drawn since then is what a form begins with
  begun.clear();
  showView('workspace');
  openPanel('prepare');
}
