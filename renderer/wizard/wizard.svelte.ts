/*
 * What is chosen in each wizard. It stays when the panel is closed, and starts from the last used settings for this
 * kind of data.
 *   wizards.decompose, .separate, .cluster, .peaks   one of each kind; openedWizard() = that of the open panel
 *     .step, .draft, .algorithm, .seed, .name, .tries, .origin (what it is computed from), .origins (what it may be)
 *   openWizard(kind, result)     opens the panel, on that result or the one that is looked at, where it can be worked on
 *   startFor(wizard, dataset)    last used settings, or the recommended ones; keeps what is there for the same data set
 *   runAgainWith(record)         opens the panel with the settings of a result
 *   chooseOrigin(wizard, id), chooseQuestion(wizard, question), chooseMethod(wizard, id), resetToRecommended(wizard)
 * Starting and following the run: run.svelte.ts.
 */
import type { DatasetId, DatasetSummary, JobId } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { algorithmById } from '../../workers/specs/registry.ts';
import { draftFrom, type FormDraft, type FormValues, type ParamEntry } from '../forms/form-model.ts';
import { dataKindOf, lastUsedOf } from '../forms/last-used.ts';
import { suggestedComponents } from '../results/shares.ts';
import { looking } from '../results/view-state.svelte.ts';
import { jobs } from '../state/jobs.svelte.ts';
import { openPanel, project, selectDataset, showView } from '../state/project.svelte.ts';
import { storedSetting } from '../state/settings.svelte.ts';
import { methodOf, methodsOf } from './algorithms.ts';
import { countParamOf, hasOrigin, SOURCE, sourceParamOf, wizardKindOf, wizardWords, type WizardKind } from './kinds.ts';
import { defaultOrigin, originChoices, originFor, type OriginChoice } from './origins.ts';
import { questionsOf, type Question } from './questions.ts';
import type { TryRange } from './try-several.ts';

export type Step = 'data' | 'method' | 'settings' | 'check';
export const steps: readonly { id: Step; title: string }[] = [
  { id: 'data', title: 'Data' },
  { id: 'method', title: 'Method' },
  { id: 'settings', title: 'Settings' },
  { id: 'check', title: 'Check and run' },
];

export class Wizard {
  readonly kind: WizardKind;
  dataset = $state<DatasetId | null>(null);
  step = $state<Step>('data');
  algorithm = $state('');
  draft = $state.raw<FormDraft>({ values: {}, unreadable: {} });
  seed = $state(0);
  /** null = named by what is chosen */
  name = $state<string | null>(null);
  /** other numbers of components or clusters to run as well */
  tries = $state.raw<TryRange | null>(null);
  isStarting = $state(false);
  /** the run that was started here last, and the settings it was started with */
  started = $state.raw<{ job: JobId; draft: FormDraft } | null>(null);
  /** what was chosen to be computed from; another one stands in when it is gone */
  wanted = $state<string | null>(null);

  job = $derived(this.started === null ? null : (jobs.list.find((one) => one.id === this.started?.job) ?? null));
  spec = $derived.by<AlgorithmSpec | null>(() => methodOf(this.kind, this.algorithm));
  questions = $derived.by<readonly Question[]>(() => questionsOf(methodsOf(this.kind)));
  origins = $derived.by<readonly OriginChoice[]>(() => {
    const data = project.datasets.find((one) => one.id === this.dataset);
    return data === undefined || this.spec === null
      ? []
      : originChoices(this.spec, data, project.datasets, project.results);
  });
  origin = $derived<OriginChoice | null>(
    this.origins.find((choice) => choice.id === this.wanted) ?? defaultOrigin(this.origins),
  );
  /** the parameter with the number that people vary */
  countParam = $derived.by<string | null>(() => (this.spec === null ? null : countParamOf(this.kind, this.spec)));

  constructor(kind: WizardKind) {
    this.kind = kind;
  }
}

export const wizards: Readonly<Record<WizardKind, Wizard>> = {
  decompose: new Wizard('decompose'),
  separate: new Wizard('separate'),
  cluster: new Wizard('cluster'),
  peaks: new Wizard('peaks'),
};

/** The wizard whose panel is open. */
export const openedWizard = (): Wizard | null =>
  project.panel === null || project.panel === 'prepare' ? null : wizards[project.panel];

/** Components of a result that are kept in its view, or that the elbow suggests; null = all. At least `least`. */
function keptComponents(id: string, most: number, least: number): number | null {
  const record = project.results.find((one) => one.id === id);
  if (record === undefined) return null;
  const kept = looking.result === id ? looking.kept : null;
  const count = kept ?? suggestedComponents(record);
  return count === null ? null : Math.min(most, Math.max(least, count));
}

/** More components than this are not taken all without being asked for. */
const MOST_TAKEN = 20;

/** Values that follow from what the run is computed from. */
function valuesOfOrigin(spec: AlgorithmSpec, origin: OriginChoice | null): FormValues {
  if (origin === null) return {};
  const source: FormValues = {
    ...(sourceParamOf(spec) === null ? {} : { [SOURCE]: origin.source }),
    ...(origin.peaks > 0 || spec.params['peak_list'] === undefined ? {} : { peak_parameters: null, peak_list: null }),
  };
  if (spec.params['number_of_components'] === undefined) return source;
  // one source cannot be told from others
  const least = sourceParamOf(spec) === null ? 2 : 1;
  const suggested = origin.components === 0 ? null : keptComponents(origin.id, origin.components, least);
  // a method without noise components of its own, like NMF, means all that it found
  const isSmall = !origin.isOrdered && origin.components > 0 && origin.components <= MOST_TAKEN;
  const count = suggested ?? (isSmall ? origin.components : null);
  return { ...source, number_of_components: count };
}

/** What is offered where nothing is known of the data yet. */
const USUAL_COUNT = 5;

/**
 * A method that fits a number of components step by step is not asked for all of them: it begins with as many as an
 * earlier decomposition of the same data suggests.
 */
function usualCount(wizard: Wizard, spec: AlgorithmSpec, values: FormValues): FormValues {
  const isFitted =
    wizard.kind === 'decompose' && spec.canKeep === true && spec.params['output_dimension'] !== undefined;
  if (!isFitted || typeof values['output_dimension'] === 'number') return {};
  const data = project.datasets.find((one) => one.id === wizard.dataset);
  const most = data === undefined ? USUAL_COUNT : Math.min(data.samples, data.features);
  const known = project.results.findLast(
    (one) => one.dataset === wizard.dataset && suggestedComponents(one) !== null && one.kind === 'decomposition',
  );
  const suggested = known === undefined ? null : keptComponents(known.id, most, 1);
  return { output_dimension: Math.max(1, suggested ?? Math.min(USUAL_COUNT, most)) };
}

function take(wizard: Wizard, spec: AlgorithmSpec, values: FormValues): void {
  wizard.algorithm = spec.id;
  const source = sourceParamOf(spec) === null ? {} : { [SOURCE]: wizard.origin?.source ?? null };
  wizard.draft = draftFrom(spec.params, { ...values, ...usualCount(wizard, spec, values), ...source });
}

export function chooseOrigin(wizard: Wizard, id: string): void {
  wizard.wanted = id;
  const { spec } = wizard;
  if (spec === null) return;
  // a list of components belongs to one result
  const kept = Object.entries(wizard.draft.values).filter(([key]) => {
    const param = spec.params[key];
    return param !== undefined && param.kind !== 'components' && isAsked(wizard, [key, param]);
  });
  take(wizard, spec, { ...Object.fromEntries(kept), ...valuesOfOrigin(spec, wizard.origin) });
  wizard.name = null;
}

export function startFor(wizard: Wizard, dataset: DatasetSummary): void {
  if (wizard.dataset === dataset.id && wizard.spec !== null) {
    // what it was computed from may have been deleted meanwhile
    const source = wizard.draft.values[SOURCE];
    if (sourceParamOf(wizard.spec) !== null && wizard.origin !== null && source !== wizard.origin.source)
      chooseOrigin(wizard, wizard.origin.id);
    return;
  }
  const isFirst = wizard.spec === null;
  wizard.dataset = dataset.id;
  wizard.name = null;
  wizard.tries = null;
  const { operation } = wizardWords[wizard.kind];
  const used = lastUsedOf({ lastUsed: storedSetting('lastUsed') ?? null }, operation, dataKindOf(dataset));
  const spec = methodOf(wizard.kind, used?.algorithm ?? '') ?? methodsOf(wizard.kind)[0];
  if (spec !== undefined) {
    wizard.algorithm = spec.id;
    const origin = originFor(wizard.origins, project.results, project.resultId) ?? wizard.origin;
    wizard.wanted = origin?.id ?? null;
    const values = used !== null && used.algorithm === spec.id ? used.values : {};
    take(wizard, spec, { ...values, ...(hasOrigin(wizard.kind) ? valuesOfOrigin(spec, origin) : {}) });
  }
  if (isFirst) wizard.step = 'data';
}

/** Channels cannot be left out where loadings are compared: they have none. */
export function isAsked(wizard: Wizard, [, param]: ParamEntry): boolean {
  const isOfChannels = param.kind === 'input' && param.role === 'signal_mask';
  return !(isOfChannels && wizard.kind === 'cluster' && wizard.origin?.source !== 'signal');
}

/** Opens the panel; a separation or a cluster analysis starts from the result that is looked at, or what it came from. */
export function openWizard(kind: WizardKind, result: string | null = null): void {
  const wizard = wizards[kind];
  const isResultInView = project.view === 'results' || project.view === 'compare';
  const from = result ?? (isResultInView ? project.resultId : null);
  showView('workspace');
  openPanel(kind);
  if (project.dataset === null) return;
  startFor(wizard, project.dataset);
  if (!hasOrigin(kind) || from === null) return;
  const origin = originFor(wizard.origins, project.results, from);
  // what is said about it stays, unless it is looked at itself: then its cut says how many components to take
  if (origin !== null && (origin.id !== wizard.origin?.id || origin.id === from)) chooseOrigin(wizard, origin.id);
}

/** The wizard that can make a result like this once more, or null. */
export function wizardOfRecord(record: ResultRecord): WizardKind | null {
  const spec = algorithmById(record.algorithm ?? record.operation);
  const kind = spec === undefined ? null : wizardKindOf(spec);
  return kind === null || spec === undefined ? null : methodOf(kind, spec.id) === null ? null : kind;
}

/** Opens the wizard with the settings of a result, on what it was computed from. */
export function runAgainWith(record: ResultRecord): void {
  const kind = wizardOfRecord(record);
  const spec = kind === null ? null : methodOf(kind, record.algorithm ?? record.operation);
  if (kind === null || spec === null) return;
  const wizard = wizards[kind];
  selectDataset(record.dataset as DatasetId);
  wizard.dataset = record.dataset as DatasetId;
  wizard.algorithm = spec.id;
  const source = record.parameters[SOURCE];
  wizard.wanted =
    record.parent ??
    wizard.origins.find((choice) => choice.source !== null && choice.source === source)?.id ??
    record.dataset;
  take(wizard, spec, record.parameters);
  wizard.seed = record.seed;
  wizard.name = null;
  wizard.tries = null;
  wizard.step = 'settings';
  showView('workspace');
  openPanel(kind);
}

/**
 * Inputs (masks) and the number of components go along to another method; the rest belongs to the method. Separations
 * and cluster analyses also share what is said about their input.
 */
function keptValues(wizard: Wizard, spec: AlgorithmSpec): FormValues {
  const before = wizard.spec;
  const count = countParamOf(wizard.kind, spec);
  const kept = Object.entries(wizard.draft.values).filter(
    ([id, value]) =>
      value !== null &&
      (id === count ||
        spec.params[id]?.kind === 'input' ||
        (wizard.kind !== 'decompose' && spec.params[id] !== undefined && spec.params[id] === before?.params[id]) ||
        (id === 'number_of_components' && spec.params[id] !== undefined)),
  );
  const counted = wizard.countParam === null ? undefined : wizard.draft.values[wizard.countParam];
  return {
    ...(count !== null && typeof counted === 'number' ? { [count]: counted } : {}),
    ...Object.fromEntries(kept),
  };
}

export function chooseMethod(wizard: Wizard, id: string, preset: FormValues = {}): void {
  const spec = methodOf(wizard.kind, id);
  if (spec === null) return;
  const values = spec.id === wizard.algorithm ? wizard.draft.values : keptValues(wizard, spec);
  take(wizard, spec, { ...values, ...preset });
  // the other method may not take what this one was computed from
  if (wizard.origin !== null && wizard.wanted !== null && wizard.origin.id !== wizard.wanted)
    chooseOrigin(wizard, wizard.origin.id);
  wizard.name = null;
}

export function chooseQuestion(wizard: Wizard, question: Question): void {
  const current = question.specs.find((spec) => spec.id === wizard.algorithm) ?? question.specs[0];
  if (current !== undefined) chooseMethod(wizard, current.id, question.preset);
}

/** Recommended settings of this method; the masks and what it is computed from stay, they are about the data. */
export function resetToRecommended(wizard: Wizard, preset: FormValues): void {
  const spec = wizard.spec;
  if (spec === null) return;
  const inputs = Object.entries(wizard.draft.values).filter(([id]) => spec.params[id]?.kind === 'input');
  const own = hasOrigin(wizard.kind) ? valuesOfOrigin(spec, wizard.origin) : {};
  take(wizard, spec, { ...Object.fromEntries(inputs), ...own, ...preset });
  wizard.seed = 0;
  wizard.name = null;
  wizard.tries = null;
}
