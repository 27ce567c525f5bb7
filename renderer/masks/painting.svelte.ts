/*
 * A mask that is being painted on the map of a data set; there is one at a time, and it waits while one looks elsewhere.
 * What is painted is in painting-state.svelte.ts; here is what changes it.
 *   isPaintingHere()                   whether its map is in view: then undo and redo go stroke by stroke
 *   startPainting(dataset), startFrom(mask), startFromPixels(leftOut, what), stopPainting(), askToStop(), savePainting()
 *   strokeFrom(plane, brush, place, erases), strokeTo(place), endStroke()
 *   paintRegion(plane, region, erases), invertPainting(), clearPainting(), undoStroke(), redoStroke()
 */
import type { DatasetSummary, ResultId } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes } from '../../workers/model/signal.ts';
import { pixelsInside, type Point } from '../charts/polygon.ts';
import { makeMask } from '../clusters/cluster-actions.ts';
import { nameOfMask } from '../clusters/mask-names.ts';
import { runsOf } from '../clusters/pixel-sets.ts';
import { fetchResultArray } from '../state/arrays.svelte.ts';
import { confirmAction } from '../state/dialogs.svelte.ts';
import { project } from '../state/project.svelte.ts';
import { attempt, toasts } from '../state/toasts.svelte.ts';
import { paintLine, type BrushRow, type PaintPlane, type Place } from './brush.ts';
import { invertedSet, nothingPainted, paintedTo, redoPaint, undoPaint } from './paint-history.ts';
import { mostEnds } from './kept-painting.ts';
import { painting, paintingOf } from './painting-state.svelte.ts';

export const isPaintingHere = (): boolean =>
  painting.dataset !== null && project.view === 'workspace' && project.datasetId === painting.dataset;

const shapeOf = (dataset: DatasetSummary): number[] => navigationAxes(dataset.axes).map(({ size }) => size);

/** The largest brush that makes sense on a map. */
export const mostRadius = (dataset: DatasetSummary): number =>
  Math.max(4, Math.ceil(Math.max(...shapeOf(dataset).slice(-2)) / 4));

/** Begins with nothing; a painting of these data that is under way goes on. */
export function startPainting(dataset: DatasetSummary): void {
  painting.tool = 'brush';
  if (paintingOf(dataset.id)) return;
  painting.dataset = dataset.id;
  painting.history = nothingPainted(dataset.samples);
  painting.begun = painting.history.set;
  painting.live = null;
  painting.isErasing = false;
  painting.keeps = false;
  painting.name = null;
  painting.from = null;
  painting.radius = Math.min(
    mostRadius(dataset),
    Math.max(1, Math.round(Math.max(...shapeOf(dataset).slice(-2)) / 32)),
  );
}

export function stopPainting(): void {
  painting.dataset = null;
  painting.history = nothingPainted(0);
  painting.begun = painting.history.set;
  painting.live = null;
}

/** Stops; what is painted is asked about first. @returns false when one goes on painting */
export async function askToStop(): Promise<boolean> {
  if (painting.dataset === null) return true;
  if (!project.datasets.some(({ id }) => id === painting.dataset)) {
    // its data were closed: there is nothing to save it for
    stopPainting();
    return true;
  }
  endStroke();
  const { begun, history, settledCount } = painting;
  const isTouched = history.set.some((v, p) => v !== begun[p]);
  if (
    isTouched &&
    settledCount > 0 &&
    !(await confirmAction({
      title: 'Stop painting?',
      text: 'What is painted has not been saved as a mask and will be lost.',
      button: 'Discard the painting',
    }))
  )
    return false;
  stopPainting();
  return true;
}

/** The masks that cover the same pixels. */
export function masksFor(dataset: DatasetSummary, results: readonly ResultRecord[]): readonly ResultRecord[] {
  const shape = shapeOf(dataset);
  return results.filter(({ kind, arrays }) => {
    const held = kind === 'mask' ? arrays['navigation_mask']?.shape : undefined;
    return held?.length === shape.length && held.every((size, i) => size === shape[i]);
  });
}

/** Paints what a mask leaves out, in place of what is painted; null: nothing. One step of undo. */
export async function startFrom(mask: ResultRecord | null): Promise<void> {
  const { dataset } = painting;
  endStroke();
  const array = mask === null ? null : await attempt(() => fetchResultArray(mask.id as ResultId, 'navigation_mask'));
  if (array === undefined || painting.dataset !== dataset || dataset === null) return;
  const leftOut = Uint8Array.from({ length: painting.history.set.length }, (_, p) => (array?.data[p] ? 1 : 0));
  const next = painting.keeps && mask !== null ? invertedSet(leftOut) : leftOut;
  change(next, mask === null ? 'Clear' : `Start from ${mask.name}`);
  painting.from = mask?.id ?? null;
  painting.begun = next;
}

/** Paints pixels that were found otherwise, in place of what is painted. One step of undo. */
export function startFromPixels(leftOut: Uint8Array, what: string): void {
  endStroke();
  change(painting.keeps ? invertedSet(leftOut) : leftOut.slice(), what);
  painting.from = null;
}

function change(next: Uint8Array, what: string): void {
  painting.history = paintedTo(painting.history, next, what);
}

/* ---- strokes ---- */

let stroke: { plane: PaintPlane; brush: readonly BrushRow[]; at: Place; value: 0 | 1 } | null = null;

export function strokeFrom(plane: PaintPlane, brush: readonly BrushRow[], at: Place, erases: boolean): void {
  endStroke();
  stroke = { plane, brush, at, value: erases ? 0 : 1 };
  painting.live = { set: painting.history.set.slice() };
  strokeTo(at);
}

export function strokeTo(at: Place): void {
  if (stroke === null || painting.live === null) return;
  const { set } = painting.live;
  paintLine(set, stroke.plane, stroke.brush, stroke.at, at, stroke.value);
  stroke.at = at;
  painting.live = { set };
}

export function endStroke(): void {
  const what = stroke?.value === 0 ? 'Erase' : 'Paint';
  const set = painting.live?.set;
  stroke = null;
  painting.live = null;
  if (set !== undefined) change(set, what);
}

/** @param region in pixels from the upper left corner of the image */
export function paintRegion({ width, height, first }: PaintPlane, region: readonly Point[], erases: boolean): void {
  endStroke();
  const inside = pixelsInside(width, height, region);
  const next = painting.history.set.slice();
  for (let p = 0; p < inside.length; p++) if (inside[p] === 1) next[first + p] = erases ? 0 : 1;
  change(next, erases ? 'Erase' : 'Paint');
}

export function invertPainting(): void {
  endStroke();
  change(invertedSet(painting.history.set), 'Invert');
}

export function clearPainting(): void {
  endStroke();
  change(new Uint8Array(painting.history.set.length), 'Clear');
}

export function undoStroke(): void {
  endStroke();
  painting.history = undoPaint(painting.history);
}

export function redoStroke(): void {
  endStroke();
  painting.history = redoPaint(painting.history);
}

/* ---- the mask ---- */

export const automaticMaskName = (): string =>
  nameOfMask(
    [],
    painting.settledCount,
    painting.keeps,
    project.results.map(({ name }) => name),
  );

/** Why there is no mask to be made of it, or null. */
export function whyNoMask(): string | null {
  const samples = painting.history.set.length;
  const leftOut = painting.keeps ? samples - painting.settledCount : painting.settledCount;
  if (painting.settledCount === 0) return 'Nothing is painted yet. Drag over the map, or press Space at the cursor.';
  if (leftOut === samples) return 'All pixels would be left out. Erase some, or invert.';
  return leftOut === 0 ? 'No pixel would be left out. Erase some, or invert.' : null;
}

/** Makes the mask, a result as any other; undo of the project takes it away. */
export async function savePainting(): Promise<boolean> {
  endStroke();
  const { dataset, history, keeps, name } = painting;
  if (dataset === null || painting.isSaving || whyNoMask() !== null) return false;
  const leftOut = keeps ? invertedSet(history.set) : history.set;
  if (runsOf(leftOut).length > mostEnds) {
    toasts.warn(
      'The painted pixels lie in too many pieces to be sent. Smooth them with the brush, or make the mask by threshold.',
    );
    return false;
  }
  painting.isSaving = true;
  const isMade = await makeMask(dataset, leftOut, name ?? automaticMaskName(), null);
  painting.isSaving = false;
  if (isMade && painting.history === history) stopPainting();
  return isMade;
}
