/*
 * Connects the stores with the services: once, at start.
 *   startState(client)   reads application, project and jobs, and follows their events
 */
import type { Client } from '../../main/contract/client.ts';
import type { DatasetSummary } from '../../main/contract/methods.ts';
import { followRuns } from '../wizard/run.svelte.ts';
import { loadViews, openPath } from './actions.ts';
import { app } from './app.svelte.ts';
import { connect } from './connection.ts';
import { isActive } from './job-list.ts';
import { jobs, takeJob } from './jobs.svelte.ts';
import { flushLayout, keepLayout, restoreLayout } from './layout.svelte.ts';
import { followCursor } from './live-spectrum.svelte.ts';
import { followWindow } from './navigator.svelte.ts';
import { readPlugins } from './plugins.svelte.ts';
import { project, takeProject } from './project.svelte.ts';
import { followSystem, readSettings } from './settings.svelte.ts';
import { sentenceOf } from './toasts.svelte.ts';

export async function startState(opened: Client, runCommand: (id: string) => void): Promise<void> {
  connect(opened);
  followSystem();
  opened.on('project.changed', (state) => {
    takeProject(state);
    followRuns();
  });
  opened.on('job.changed', (job) => {
    takeJob(job);
    followRuns();
  });
  opened.on('dataset.loaded', ({ dataset, fraction, summary }) => {
    replaceSummary(summary);
    project.loading = new Map(project.loading).set(dataset, fraction);
    if (fraction >= 1) void loadViews(dataset);
  });
  opened.on('dataset.changed', ({ summary }) => replaceSummary(summary));
  opened.on('open.requested', ({ path }) => void openPath(path));
  opened.on('command.requested', ({ command }) => runCommand(command));
  try {
    const [info, state, list] = await Promise.all([
      opened.call('app.info', {}),
      opened.call('project.state', {}),
      opened.call('job.list', {}),
    ]);
    readSettings(info.settings);
    app.start(info);
    jobs.list = list.jobs.filter(isActive);
    takeProject(state);
    restoreLayout(state.layout);
  } catch (error) {
    app.startError = sentenceOf(error);
    return;
  }
  void readPlugins();
  // the page is left: what was done in the last moment is kept too
  window.addEventListener('pagehide', () => void flushLayout());
  $effect.root(() => {
    $effect(loadCurrentViews);
    $effect(keepLayout);
    followCursor();
    followWindow();
  });
}

function replaceSummary(summary: DatasetSummary): void {
  if (project.state === null) return;
  project.state = {
    ...project.state,
    datasets: project.datasets.map((d) => (d.id === summary.id ? summary : d)),
  };
}

const asked = new Set<string>();

/** The first image and spectrum of the current dataset, once. */
function loadCurrentViews(): void {
  const id = project.datasetId;
  if (id === null || project.views !== null || asked.has(id)) return;
  // data that are gone are told in place
  if (project.dataset?.missing != null) return;
  asked.add(id);
  void loadViews(id).finally(() => asked.delete(id));
}
