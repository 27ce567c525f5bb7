/*
 * What is chosen of a recording before it is opened (frames, their sum, one detector), as typed, and the hints of it.
 *   startChoices(), checkChoices(choices, options)
 */
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { ReadOptions } from '../../workers/model/signal.ts';

export interface ReadChoices {
  /** first and last frame, counted from 1; empty: from the first, to the last */
  first: string;
  last: string;
  sum: boolean;
  /** null: all together */
  detector: number | null;
}

export type ChosenHints = Pick<ReadHints, 'frames' | 'sumFrames' | 'detector'>;

export const startChoices = (): ReadChoices => ({ first: '', last: '', sum: true, detector: null });

const wholeFrom1 = (text: string): number | null => {
  const value = Number(text.trim());
  return /^\d{1,9}$/.test(text.trim()) && value >= 1 ? value : null;
};

/** The largest end that is asked for when nobody knows how many frames there are: readers stop at the last one. */
const anyEnd = 2 ** 31 - 1;

/** What is wrong in words, or the hints; without a choice there are none, so that the file is read as it always is. */
export function checkChoices(
  choices: ReadChoices,
  options: ReadOptions,
): { problem: string | null; hints: ChosenHints } {
  const hints: ChosenHints = {};
  if (choices.detector !== null && options.detectors !== undefined) hints.detector = choices.detector;
  if (options.frames === undefined) return { problem: null, hints };
  if (options.summed === true && !choices.sum) hints.sumFrames = false;
  const { frames } = options;
  if (choices.first.trim() === '' && choices.last.trim() === '') return { problem: null, hints };
  const first = choices.first.trim() === '' ? 1 : wholeFrom1(choices.first);
  const last = choices.last.trim() === '' ? (frames ?? anyEnd) : wholeFrom1(choices.last);
  const fail = (problem: string) => ({ problem, hints: {} });
  if (first === null || last === null) return fail('Frames are counted by whole numbers from 1.');
  if (frames !== null && Math.max(first, last) > frames) {
    return fail(`There are ${frames} frames; got ${first} to ${last}.`);
  }
  if (last < first) return fail(`The last frame must not come before the first; got ${first} to ${last}.`);
  if (frames !== null && first === 1 && last === frames) return { problem: null, hints };
  return { problem: null, hints: { ...hints, frames: [first - 1, last] } };
}
