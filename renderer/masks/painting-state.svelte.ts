/*
 * What is painted; painting.svelte.ts changes it.
 *   painting.dataset, .set, .count     the data set, or null; the painted pixels (1 = painted), how many
 *   painting.tool, .radius, .isErasing, .keeps, .name, .from
 *   paintingOf(dataset)                whether this data set is being painted on
 *   savedPainting(), restorePainting(kept, samplesOf)   for the project's layout
 */
import type { DatasetId } from '../../main/contract/methods.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import { countOf } from '../clusters/pixel-sets.ts';
import { packPainting, parsePainting, type PaintTool } from './kept-painting.ts';
import { nothingPainted, type PaintHistory } from './paint-history.ts';

class Painting {
  dataset = $state<DatasetId | null>(null);
  tool = $state<PaintTool>('brush');
  radius = $state(3);
  isErasing = $state(false);
  /** the mask keeps the painted pixels instead of leaving them out */
  keeps = $state(false);
  /** null = the one that follows from what is painted */
  name = $state<string | null>(null);
  /** id of the mask that it began with, or null */
  from = $state<string | null>(null);
  /** what it began with */
  begun = $state.raw<Uint8Array>(new Uint8Array(0));
  isSaving = $state(false);
  history = $state.raw<PaintHistory>(nothingPainted(0));
  /** the pixels under a stroke that is not finished; a new object for each change of the same bytes */
  live = $state.raw<{ set: Uint8Array } | null>(null);
  shown = $derived(this.live ?? { set: this.history.set });
  count = $derived(countOf(this.shown.set));
  /** after the last finished step */
  settledCount = $derived(countOf(this.history.set));
  /** the layout is made anew with every move of the cursor, this only with what is painted */
  packed = $derived(this.dataset === null ? null : packPainting(this.dataset, this));
  get set(): Uint8Array {
    return this.shown.set;
  }
}

export const painting = new Painting();

export const paintingOf = (dataset: DatasetId): boolean => painting.dataset === dataset;

/** Plain values for the project's layout; null: nothing is being painted. */
export const savedPainting = (): Metadata | null => painting.packed;

/**
 * Takes what `savedPainting` gave; a painting of another project is left, its own layout has it.
 * @param samplesOf pixels of a data set of this project; null: it has none of this id
 */
export function restorePainting(kept: unknown, samplesOf: (dataset: string) => number | null): void {
  const { dataset, ...found } = parsePainting(kept, samplesOf) ?? { dataset: null };
  Object.assign(painting, found);
  painting.dataset = dataset as DatasetId | null;
  painting.live = null;
  if (dataset !== null) return;
  painting.history = nothingPainted(0);
  painting.begun = painting.history.set;
}
