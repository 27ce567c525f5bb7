import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { Command } from '../commands/registry.svelte.ts';
import { project, selectDataset, showView } from '../state/project.svelte.ts';
import { painting } from './painting-state.svelte.ts';
import { askToStop, startPainting } from './painting.svelte.ts';

/** Focuses the map once it is drawn for painting, so that keys go on where the command was given. */
function focusMap(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-navigator] [data-view-keys]')?.focus());
}

/**
 * Shows the map of a data set, to be painted on. What is painted on another one is asked about.
 * @returns false when one goes on with that
 */
export async function paintOn(dataset: DatasetSummary): Promise<boolean> {
  if (painting.dataset !== dataset.id && !(await askToStop())) return false;
  selectDataset(dataset.id);
  showView('workspace');
  startPainting(dataset);
  focusMap();
  return true;
}

/**
 * Begins to paint a mask on the map.
 * @param why reason why data cannot be changed now, or null
 */
export const maskCommands = (why: () => string | null): readonly Command[] => [
  {
    id: 'mask.paint',
    title: 'Paint mask',
    group: 'Data',
    keys: ['B'],
    words: 'brush draw navigation mask pixels leave out exclude erase lasso vacuum',
    why: () => {
      const { dataset } = project;
      const reason = why();
      if (reason !== null || dataset === null) return reason;
      if (dataset.missing !== null) return dataset.missing;
      return dataset.samples < 2 ? `${dataset.name} has one pixel only, so there is nothing to leave out.` : null;
    },
    run: () => {
      if (project.dataset !== null) void paintOn(project.dataset);
    },
  },
];
