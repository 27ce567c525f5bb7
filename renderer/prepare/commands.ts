import type { Command } from '../commands/registry.svelte.ts';
import { navigationAxes } from '../../workers/model/signal.ts';
import { validBox } from '../state/cursor-steps.ts';
import { project } from '../state/project.svelte.ts';
import { cutOutRegion } from './apply.ts';
import { openPreparation } from './preparing.svelte.ts';
import { allSteps } from './step-groups.ts';

/** The box that is drawn on the map of the current data set, or why there is none. */
function drawnBox(): { start: number[]; end: number[] } | string {
  const { dataset, inspection } = project;
  if (dataset === null || inspection === null) return 'Open a file first.';
  const shape = navigationAxes(dataset.axes).map(({ size }) => size);
  const box = inspection.mode === 'box' ? validBox(inspection.box, shape) : null;
  if (box === null) return 'Draw a box on the map first: M changes from a point to a box.';
  return { start: box.slice(0, shape.length), end: box.slice(shape.length) };
}

export function cutOutBox(): void {
  const box = drawnBox();
  if (typeof box !== 'string' && project.dataset !== null) void cutOutRegion(project.dataset, box.start, box.end);
}

/**
 * Cuts out the box on the map, and opens the panel that prepares data at each of its steps.
 * @param why reason why data cannot be changed now, or null
 */
export const prepareCommands = (why: () => string | null): readonly Command[] => [
  {
    id: 'data.cutRegion',
    title: 'Cut out region',
    group: 'Data',
    words: 'box roi part map sub dataset crop',
    why: () => {
      const box = drawnBox();
      return why() ?? (typeof box === 'string' ? box : null);
    },
    run: cutOutBox,
  },
  ...allSteps.map((spec): Command => ({
    id: `prepare.${spec.id}`,
    title: `Prepare: ${spec.title}…`,
    group: 'Data',
    words: `${spec.id.replaceAll('_', ' ')} ${spec.question}`,
    isOfMany: true,
    why,
    run: () => openPreparation(spec.id),
  })),
];
