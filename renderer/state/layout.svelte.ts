/*
 * What the window wants to find again when the project is opened: view, current dataset and result, cursors, limits.
 *   restoreLayout(layout)  after a project was opened
 *   keepLayout()           an effect that sends it when it has been still for a moment
 */
import type { Metadata } from '../../workers/model/signal.ts';
import { client } from './connection.ts';
import { forgetInspections, inspectionOf, restoreInspections, saveInspections } from './inspection.svelte.ts';
import { project, type View } from './project.svelte.ts';

const layoutDelayMs = 800;

const views: readonly View[] = ['home', 'workspace', 'results', 'compare', 'figures'];

export function restoreLayout(layout: Metadata): void {
  forgetInspections();
  restoreInspections(layout['inspections']);
  const dataset = project.datasets.find((d) => d.id === layout['dataset']);
  if (dataset !== undefined) project.datasetId = dataset.id;
  const result = project.results.find((r) => r.id === layout['result']);
  if (result !== undefined) project.resultId = result.id as typeof project.resultId;
  const isEmpty = project.datasets.length === 0 && project.results.length === 0;
  project.view = isEmpty ? 'home' : (views.find((v) => v === layout['view']) ?? 'workspace');
}

let timer: ReturnType<typeof setTimeout> | undefined;
let lastSent = '';

/** Sends what the window wants to find again, when it has been still for a moment. */
export function keepLayout(): void {
  if (project.state === null || project.state.readOnly !== null) return;
  // made now, so that its changes are seen
  if (project.datasetId !== null) inspectionOf(project.datasetId);
  const layout: Metadata = {
    view: project.view,
    dataset: project.datasetId,
    result: project.resultId,
    inspections: saveInspections(),
  };
  const text = JSON.stringify(layout);
  clearTimeout(timer);
  if (text === lastSent) return;
  timer = setTimeout(() => {
    lastSent = text;
    // a layout that could not be kept is not worth a message
    client()
      .call('project.layout', { layout })
      .catch(() => undefined);
  }, layoutDelayMs);
}
