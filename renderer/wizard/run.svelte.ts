/*
 * Starting what a wizard shows, and what happens when it is finished.
 *   run(wizard, dataset)         starts the job or jobs; the panel stays and shows the first of them
 *   followRuns()                 call after every change of jobs and project: opens the result of that run
 *   automaticName(wizard)        the name that the result gets when none is given
 */
import type { DatasetId, DatasetSummary } from '../../main/contract/methods.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import { operationOf, takesAlgorithm } from '../../workers/specs/registry.ts';
import type { FormValues } from '../forms/form-model.ts';
import { dataKindOf, rememberUse } from '../forms/last-used.ts';
import { hasPeakMaps } from '../results/peak-maps.ts';
import { suggestName } from '../results/result-names.ts';
import { isActive } from '../state/job-list.ts';
import { openResult } from '../state/jobs.svelte.ts';
import { openPanel, project } from '../state/project.svelte.ts';
import { storedSetting, storeSettings } from '../state/settings.svelte.ts';
import { startJob } from '../state/start-job.ts';
import { attempt } from '../state/toasts.svelte.ts';
import { isOfData, wizardKinds, wizardWords } from './kinds.ts';
import { runsOf } from './try-several.ts';
import { wizards, type Wizard } from './wizard.svelte.ts';

export const automaticName = (wizard: Wizard, values: FormValues = wizard.draft.values): string =>
  suggestName(
    wizard.algorithm,
    values,
    project.results.filter((result) => result.dataset === wizard.dataset).map((result) => result.name),
  );

/**
 * Starts the job, or one per number to try; the settings are remembered for this kind of data.
 * @param isTold the size of a scratch file that would be written stands at the button
 */
export async function run(wizard: Wizard, dataset: DatasetSummary, isTold: boolean): Promise<boolean> {
  const { spec, countParam, origin } = wizard;
  if (spec === null || wizard.isStarting) return false;
  wizard.isStarting = true;
  const values = wizard.draft.values;
  const chosen = countParam === null ? null : values[countParam];
  const counts = wizard.tries !== null && typeof chosen === 'number' ? runsOf(chosen, wizard.tries) : [null];
  const operation = operationOf(spec);
  const isDone = await attempt(async () => {
    for (const [i, count] of counts.entries()) {
      const parameters = (
        count === null || countParam === null ? values : { ...values, [countParam]: count }
      ) as Metadata;
      // a name given by hand belongs to the chosen run; the others are named by what they are
      const name = i === 0 ? (wizard.name ?? automaticName(wizard, parameters)) : automaticName(wizard, parameters);
      const asked = {
        dataset: dataset.id,
        operation,
        algorithm: takesAlgorithm(operation) ? spec.id : null,
        parent: (origin?.parent ?? null) as never,
        parameters,
        seed: wizard.seed,
        name,
      };
      const job = await startJob(asked, isTold);
      if (job === null) return i > 0;
      if (i === 0) wizard.started = { job, draft: wizard.draft };
    }
    return true;
  });
  wizard.isStarting = false;
  if (isDone !== true) return false;
  wizard.name = null;
  followRuns();
  if (spec.family === 'estimate' && wizard.kind !== 'peaks') return true;
  const used = { algorithm: spec.id, values };
  const stored = { lastUsed: storedSetting('lastUsed') ?? null };
  // what is about one data set is not for the next one; in a separation that is the number of components too
  const isOwn = (id: string): boolean => {
    const param = spec.params[id];
    if (param === undefined || wizard.kind === 'decompose') return param?.kind === 'input';
    // peaks lie where they lie in these data
    if (wizard.kind === 'peaks' && (id === 'positions' || id === 'window')) return true;
    return param.kind === 'input' || id === 'number_of_components' || isOfData(wizard.kind, [id, param]);
  };
  storeSettings(rememberUse(stored, wizardWords[wizard.kind].operation, dataKindOf(dataset), used, isOwn));
  return true;
}

/**
 * When the run that was started in a wizard is finished, its result is opened, unless the person went on to something
 * else: another area, the data beside the wizard, or other settings. An estimate is shown in the wizard itself.
 */
export function followRuns(): void {
  for (const kind of wizardKinds) followRun(wizards[kind]);
}

function followRun(wizard: Wizard): void {
  const { started, job } = wizard;
  if (started === null || job === null || isActive(job)) return;
  const record = project.results.find((one) => one.id === job.result);
  if (job.status === 'finished' && record === undefined) return;
  wizard.started = null;
  if (job.status !== 'finished' || job.result === null || wizard.draft !== started.draft) return;
  if (project.panel !== wizard.kind || project.datasetId !== (job.dataset as DatasetId)) return;
  if (record?.kind === 'estimate' && !hasPeakMaps(record)) return;
  const focused = document.activeElement;
  const isElsewhere =
    project.view !== 'workspace' ||
    (focused !== null && focused !== document.body && focused.closest('[data-panel]') === null);
  openPanel(null);
  if (!isElsewhere) openResult(job.result);
}
