/*
 * What is chosen in the decomposition wizard. It stays when the panel is closed, and starts from the last used
 * settings for this kind of data.
 *   wizard.step, .draft, .algorithm, .seed, .name, .tries
 *   startFor(dataset)            last used settings, or the recommended ones; keeps what is there for the same data set
 *   runAgainWith(record)         opens the panel with the settings of a result
 *   chooseQuestion(question), chooseMethod(id), resetToRecommended()
 *   run(dataset)                 starts the job or jobs; the panel stays and shows the first of them
 *   followRun()                  call after every change of jobs and project: opens the result of that run
 */
import type { DatasetId, DatasetSummary, JobId } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { draftFrom, type FormDraft, type FormValues } from '../forms/form-model.ts';
import { dataKindOf, lastUsedOf, rememberUse } from '../forms/last-used.ts';
import { client } from '../state/connection.ts';
import { isActive } from '../state/job-list.ts';
import { jobs, openResult } from '../state/jobs.svelte.ts';
import { openPanel, project, selectDataset, showView } from '../state/project.svelte.ts';
import { storedSetting, storeSettings } from '../state/settings.svelte.ts';
import { attempt } from '../state/toasts.svelte.ts';
import { suggestName } from '../results/result-names.ts';
import { allDecompositions, decompositionOf } from './decompositions.ts';
import { questionsOf, type Question } from './questions.ts';
import { runsOf, type TryRange } from './try-several.ts';

export type Step = 'data' | 'method' | 'settings' | 'check';
export const steps: readonly { id: Step; title: string }[] = [
  { id: 'data', title: 'Data' },
  { id: 'method', title: 'Method' },
  { id: 'settings', title: 'Settings' },
  { id: 'check', title: 'Check and run' },
];

const OPERATION = 'decomposition';

class Wizard {
  dataset = $state<DatasetId | null>(null);
  step = $state<Step>('data');
  algorithm = $state('');
  draft = $state.raw<FormDraft>({ values: {}, unreadable: {} });
  seed = $state(0);
  /** null = named by what is chosen */
  name = $state<string | null>(null);
  /** other numbers of components to run as well */
  tries = $state.raw<TryRange | null>(null);
  isStarting = $state(false);
  /** the run that was started here last, and the settings it was started with */
  started = $state.raw<{ job: JobId; draft: FormDraft } | null>(null);
  job = $derived(this.started === null ? null : (jobs.list.find((one) => one.id === this.started?.job) ?? null));
  spec = $derived<AlgorithmSpec | null>(decompositionOf(this.algorithm));
  questions = $derived<readonly Question[]>(questionsOf(allDecompositions()));
}

export const wizard = new Wizard();

function take(spec: AlgorithmSpec, values: FormValues): void {
  wizard.algorithm = spec.id;
  wizard.draft = draftFrom(spec.params, values);
}

export function startFor(dataset: DatasetSummary): void {
  if (wizard.dataset === dataset.id && wizard.spec !== null) return;
  const isFirst = wizard.spec === null;
  wizard.dataset = dataset.id;
  wizard.name = null;
  wizard.tries = null;
  const used = lastUsedOf({ lastUsed: storedSetting('lastUsed') ?? null }, OPERATION, dataKindOf(dataset));
  const spec = decompositionOf(used?.algorithm ?? '') ?? allDecompositions()[0];
  if (spec !== undefined) take(spec, used !== null && used.algorithm === spec.id ? used.values : {});
  if (isFirst) wizard.step = 'data';
}

/** Opens the wizard with the settings of a result, on its data. */
export function runAgainWith(record: ResultRecord): void {
  const spec = decompositionOf(record.algorithm ?? '');
  if (spec === null) return;
  selectDataset(record.dataset as DatasetId);
  wizard.dataset = record.dataset as DatasetId;
  take(spec, record.parameters);
  wizard.seed = record.seed;
  wizard.name = null;
  wizard.tries = null;
  wizard.step = 'settings';
  showView('workspace');
  openPanel('decompose');
}

/** Inputs (masks) and the number of components go along to another method; the rest belongs to the method. */
function keptValues(spec: AlgorithmSpec): FormValues {
  return Object.fromEntries(
    Object.entries(wizard.draft.values).filter(
      ([id, value]) => value !== null && (id === 'output_dimension' || spec.params[id]?.kind === 'input'),
    ),
  );
}

export function chooseMethod(id: string, preset: FormValues = {}): void {
  const spec = decompositionOf(id);
  if (spec === null) return;
  const values = spec.id === wizard.algorithm ? wizard.draft.values : keptValues(spec);
  take(spec, { ...values, ...preset });
  wizard.name = null;
}

export function chooseQuestion(question: Question): void {
  const current = question.specs.find((spec) => spec.id === wizard.algorithm) ?? question.specs[0];
  if (current !== undefined) chooseMethod(current.id, question.preset);
}

/** Recommended settings of this method; the masks stay, they are about the data. */
export function resetToRecommended(preset: FormValues): void {
  const spec = wizard.spec;
  if (spec === null) return;
  const masks = Object.entries(wizard.draft.values).filter(([id]) => spec.params[id]?.kind === 'input');
  take(spec, { ...Object.fromEntries(masks), ...preset });
  wizard.seed = 0;
  wizard.name = null;
  wizard.tries = null;
}

export const automaticName = (dataset: DatasetId, values: FormValues = wizard.draft.values): string =>
  suggestName(
    wizard.algorithm,
    values,
    project.results.filter((result) => result.dataset === dataset).map((result) => result.name),
  );

/** Starts the job, or one per number of components to try; the settings are remembered for this kind of data. */
export async function run(dataset: DatasetSummary): Promise<boolean> {
  const spec = wizard.spec;
  if (spec === null || wizard.isStarting) return false;
  wizard.isStarting = true;
  const values = wizard.draft.values;
  const chosen = values['output_dimension'];
  const counts = wizard.tries !== null && typeof chosen === 'number' ? runsOf(chosen, wizard.tries) : [null];
  const isDone = await attempt(async () => {
    for (const [i, count] of counts.entries()) {
      const parameters = (count === null ? values : { ...values, output_dimension: count }) as Metadata;
      // a name given by hand belongs to the chosen run; the others are named by what they are
      const name =
        i === 0 ? (wizard.name ?? automaticName(dataset.id, parameters)) : automaticName(dataset.id, parameters);
      const { job } = await client().call('job.start', {
        dataset: dataset.id,
        operation: OPERATION,
        algorithm: spec.id,
        parent: null,
        parameters,
        seed: wizard.seed,
        name,
      });
      if (i === 0) wizard.started = { job, draft: wizard.draft };
    }
    return true;
  });
  wizard.isStarting = false;
  if (isDone !== true) return false;
  wizard.name = null;
  followRun();
  const used = { algorithm: spec.id, values };
  const stored = { lastUsed: storedSetting('lastUsed') ?? null };
  storeSettings(rememberUse(stored, OPERATION, dataKindOf(dataset), used, (id) => spec.params[id]?.kind === 'input'));
  return true;
}

/**
 * When the run that was started here is finished, its result is opened, unless the person went on to something else:
 * another area, the data beside the wizard, or other settings.
 */
export function followRun(): void {
  const { started, job } = wizard;
  if (started === null || job === null || isActive(job)) return;
  if (job.status === 'finished' && !project.results.some((one) => one.id === job.result)) return;
  wizard.started = null;
  if (job.status !== 'finished' || job.result === null || wizard.draft !== started.draft) return;
  if (project.panel !== 'decompose' || project.datasetId !== job.dataset) return;
  const focused = document.activeElement;
  const isElsewhere =
    project.view !== 'workspace' ||
    (focused !== null && focused !== document.body && focused.closest('[data-panel]') === null);
  openPanel(null);
  if (!isElsewhere) openResult(job.result);
}
