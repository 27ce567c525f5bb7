/*
 * What was painted, and the steps that led there, for undo and redo.
 *   nothingPainted(samples)           the beginning
 *   paintedTo(history, next, what)    one step on; the same history where nothing changed
 *   undoPaint(history), redoPaint(history)
 * A step is kept as the pixels that it changed: the same change again takes it back.
 */
import { runsOf } from '../clusters/pixel-sets.ts';

export interface PaintStep {
  /** "Paint", "Erase", "Invert" … */
  what: string;
  /** pixels that changed: first and end (exclusive) by turns, rising */
  changed: readonly number[];
}

export interface PaintHistory {
  /** one byte per pixel, 1 = painted; never changed in place */
  readonly set: Uint8Array;
  readonly done: readonly PaintStep[];
  readonly undone: readonly PaintStep[];
}

export const nothingPainted = (samples: number): PaintHistory => ({
  set: new Uint8Array(samples),
  done: [],
  undone: [],
});

/** @throws RangeError when the sets are of different sizes */
export function paintedTo(history: PaintHistory, next: Uint8Array, what: string): PaintHistory {
  if (next.length !== history.set.length) {
    throw new RangeError(`A painting of ${history.set.length} pixels cannot become one of ${next.length}.`);
  }
  const changed = runsOf(next.map((v, p) => (v === history.set[p] ? 0 : 1)));
  if (changed.length === 0) return history;
  return { set: next, done: [...history.done, { what, changed }], undone: [] };
}

function changeAgain(set: Uint8Array, { changed }: PaintStep): Uint8Array {
  const next = set.slice();
  for (let i = 0; i + 1 < changed.length; i += 2) {
    for (let p = changed[i] as number; p < (changed[i + 1] as number); p++) next[p] = 1 - (next[p] as number);
  }
  return next;
}

export function undoPaint(history: PaintHistory): PaintHistory {
  const last = history.done.at(-1);
  if (last === undefined) return history;
  return { set: changeAgain(history.set, last), done: history.done.slice(0, -1), undone: [...history.undone, last] };
}

export function redoPaint(history: PaintHistory): PaintHistory {
  const last = history.undone.at(-1);
  if (last === undefined) return history;
  return { set: changeAgain(history.set, last), done: [...history.done, last], undone: history.undone.slice(0, -1) };
}

/** All other pixels. */
export const invertedSet = (set: Uint8Array): Uint8Array => set.map((v) => 1 - v);
