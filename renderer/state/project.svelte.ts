/*
 * The project as the services have it (live), and what this window shows of it.
 *   project.state             ProjectState, or null before the first answer
 *   project.datasets, .results
 *   project.dataset           the current dataset (summary) or null
 *   project.result            the current result (record) or null
 *   project.views             first image and mean spectrum of the current dataset, or null
 *   project.inspection        cursor, box, channel window of the current dataset (inspection.svelte.ts)
 *   project.view              'home' | 'workspace' | 'results' | 'compare' | 'figures'
 *   project.panel             what lies open at the right: 'prepare' | 'decompose' | 'separate' | 'cluster' | 'peaks' | null
 *   project.compared          ids of the results in the comparison
 *   selectDataset(id), selectResult(id), showView(view), openPanel(panel)
 *   resultsOf(datasetId), childrenOf(resultId), datasetOf(result)
 * What changes the project on the services' side is in actions.ts.
 */
import type { DatasetId, DatasetSummary, OpenedDataset, ProjectState, ResultId } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { chooseCurrent } from './choose-current.ts';
import type { Inspection } from './inspection.svelte.ts';
import { inspectionOf } from './inspection.svelte.ts';

export type View = 'home' | 'workspace' | 'results' | 'compare' | 'figures';
export type Panel = 'prepare' | 'decompose' | 'separate' | 'cluster' | 'peaks' | null;

class Project {
  state = $state.raw<ProjectState | null>(null);
  view = $state<View>('home');
  panel = $state<Panel>(null);
  /** the data list at the left */
  isSideOpen = $state(true);
  datasetId = $state<DatasetId | null>(null);
  resultId = $state<ResultId | null>(null);
  compared = $state.raw<readonly ResultId[]>([]);
  /** first image and spectrum by dataset */
  opened = $state.raw<ReadonlyMap<DatasetId, OpenedDataset>>(new Map());
  /** share of the data in memory while a dataset is being loaded, by dataset */
  loading = $state.raw<ReadonlyMap<DatasetId, number>>(new Map());

  datasets = $derived<readonly DatasetSummary[]>(this.state?.datasets ?? []);
  results = $derived<readonly ResultRecord[]>(this.state?.results ?? []);
  dataset = $derived<DatasetSummary | null>(this.datasets.find((d) => d.id === this.datasetId) ?? null);
  result = $derived<ResultRecord | null>(this.results.find((r) => r.id === this.resultId) ?? null);
  views = $derived<OpenedDataset | null>(this.datasetId === null ? null : (this.opened.get(this.datasetId) ?? null));

  get inspection(): Inspection | null {
    return this.dataset === null ? null : inspectionOf(this.dataset.id);
  }
}

export const project = new Project();

export const resultsOf = (dataset: DatasetId): ResultRecord[] => project.results.filter((r) => r.dataset === dataset);
export const childrenOf = (result: string): ResultRecord[] => project.results.filter((r) => r.parent === result);
export const datasetOf = (result: ResultRecord): DatasetSummary | null =>
  project.datasets.find((d) => d.id === result.dataset) ?? null;

/** The data list at the left can be hidden. */
export function toggleSide(): void {
  project.isSideOpen = !project.isSideOpen;
}

/** Makes a dataset the current one; a result of another dataset is let go. */
export function selectDataset(id: DatasetId | null): void {
  project.datasetId = id;
  if (project.result !== null && project.result.dataset !== id) project.resultId = null;
}

/** Makes a result, and with it its dataset, the current one. */
export function selectResult(id: ResultId | null): void {
  project.resultId = id;
  const dataset = project.result?.dataset as DatasetId | undefined;
  if (dataset !== undefined) project.datasetId = dataset;
}

/** Shows an area; the results open on the newest one of the current dataset when none is chosen. */
export function showView(view: View): void {
  if (view === 'results' && project.result === null) {
    const own = project.datasetId === null ? [] : resultsOf(project.datasetId);
    const newest = own.findLast((r) => r.kind === 'decomposition') ?? own.at(-1);
    if (newest !== undefined) project.resultId = newest.id as ResultId;
  }
  project.view = view;
}

export function openPanel(panel: Panel): void {
  project.panel = panel;
}

/** Takes a new state from the services; what is current stays current where it still exists. */
export function takeProject(state: ProjectState): void {
  const isOther = project.state?.id !== state.id;
  const madeOf = project.dataset?.madeOf ?? null;
  project.state = state;
  const current = chooseCurrent(state, project.datasetId, project.resultId, madeOf);
  project.datasetId = current.dataset;
  project.resultId = current.result;
  project.compared = project.compared.filter((id) => state.results.some((r) => r.id === id));
  const isThere = (id: DatasetId): boolean => state.datasets.some((d) => d.id === id);
  if ([...project.opened.keys()].some((id) => !isThere(id))) {
    project.opened = new Map([...project.opened].filter(([id]) => isThere(id)));
  }
  if (state.datasets.length === 0 && state.results.length === 0 && isOther) {
    project.view = 'home';
    project.panel = null;
  }
}
