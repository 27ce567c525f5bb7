/*
 * What the window wants to find again when the project is opened: view, current dataset and result, cursors, limits,
 * components that are shown turned over, a mask that is being painted.
 *   restoreLayout(layout)  after a project was opened
 *   keepLayout()           an effect that sends it when it has been still for a moment
 *   flushLayout()          sends at once what waits to be sent
 *   withoutLayout(work)    changes the project: what waits is sent before, nothing meanwhile
 */
import type { Metadata } from '../../workers/model/signal.ts';
import { restorePainting, savedPainting } from '../masks/painting-state.svelte.ts';
import { restoreFlips, saveFlips } from '../results/flips.svelte.ts';
import { client } from './connection.ts';
import { forgetInspections, inspectionOf, restoreInspections, saveInspections } from './inspection.svelte.ts';
import { project, type View } from './project.svelte.ts';

const layoutDelayMs = 800;
/** What is too long to be sent for certain while the page is left, a painting in very many pieces, does not wait so long. */
const longText = 15_000;
const longDelayMs = 100;

const views: readonly View[] = ['home', 'workspace', 'results', 'compare', 'figures'];

/** The project that was restored last: what another one looks like is not known yet. */
let restored: string | null = null;

export function restoreLayout(layout: Metadata): void {
  restored = project.state?.id ?? null;
  forgetInspections();
  restoreInspections(layout['inspections']);
  restoreFlips(layout['flips']);
  // what is only looked at cannot be painted on; its layout keeps the painting
  const kept = project.state?.readOnly === null ? layout['painting'] : null;
  restorePainting(kept, (id) => project.datasets.find((d) => d.id === id)?.samples ?? null);
  const dataset = project.datasets.find((d) => d.id === layout['dataset']);
  if (dataset !== undefined) project.datasetId = dataset.id;
  const result = project.results.find((r) => r.id === layout['result']);
  if (result !== undefined) project.resultId = result.id as typeof project.resultId;
  const isEmpty = project.datasets.length === 0 && project.results.length === 0;
  project.view = isEmpty ? 'home' : (views.find((v) => v === layout['view']) ?? 'workspace');
}

let timer: ReturnType<typeof setTimeout> | undefined;
let waiting: { project: string; layout: Metadata; text: string } | null = null;
let lastSent = '';
let changes = 0;

/** Changes the project: what waits belongs to the one that is left, and nothing is sent until the new one is there. */
export async function withoutLayout<T>(work: () => Promise<T>): Promise<T> {
  await flushLayout();
  changes++;
  try {
    return await work();
  } finally {
    changes--;
  }
}

/** Sends at once what waits to be sent: before the project or the page is left. */
export async function flushLayout(): Promise<void> {
  clearTimeout(timer);
  const sent = waiting;
  waiting = null;
  if (sent === null) return;
  lastSent = sent.text;
  // a layout that could not be kept is not worth a message
  await client()
    .call('project.layout', { project: sent.project, layout: sent.layout })
    .catch(() => undefined);
}

/** Sends what the window wants to find again, when it has been still for a moment. */
export function keepLayout(): void {
  const { state } = project;
  if (state === null || state.readOnly !== null) return;
  // made now, so that its changes are seen
  if (project.datasetId !== null) inspectionOf(project.datasetId);
  const layout: Metadata = {
    view: project.view,
    dataset: project.datasetId,
    result: project.resultId,
    inspections: saveInspections(),
    flips: saveFlips(),
    painting: savedPainting(),
  };
  const text = `${state.id} ${JSON.stringify(layout)}`;
  if (changes > 0 || state.id !== restored) return;
  clearTimeout(timer);
  waiting = text === lastSent ? null : { project: state.id, layout, text };
  if (waiting !== null)
    timer = setTimeout(() => void flushLayout(), text.length > longText ? longDelayMs : layoutDelayMs);
}
