/*
 * What the status line reads out at the left; each view sets its own while it is shown.
 *   reading.parts = [{ key, before, value, after }]   "x " "48" " (12.0 nm)"
 *   positionParts(axes, at), boxParts(axes, box)      parts for the cursor or the box on the navigation axes
 */
import { formatNumber } from '../../workers/figure/format-number.ts';
import { positionWords } from '../charts/axis-words.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { boxCount } from './cursor-steps.ts';

export interface ReadingPart {
  key: string;
  before: string;
  value: string;
  after: string;
}

class Reading {
  parts = $state.raw<readonly ReadingPart[]>([]);
}

export const reading = new Reading();

/** Index and calibrated position on each axis, fastest axis first: x 48 (12.0 nm), y 34 (8.5 nm). */
export function positionParts(axes: readonly Axis[], at: readonly number[]): ReadingPart[] {
  return axes
    .map((axis, i): ReadingPart => {
      const position = positionWords(axis, at[i] ?? 0);
      return {
        key: `axis ${i}`,
        before: `${axis.name === '' ? `axis ${i}` : axis.name} `,
        value: String(at[i] ?? 0),
        after: position === null ? ' px' : ` (${position})`,
      };
    })
    .reverse();
}

/** First and last pixel of a box on each axis, fastest axis first, and how many there are. */
export function boxParts(axes: readonly Axis[], box: readonly number[]): ReadingPart[] {
  const parts = axes.map((axis, i): ReadingPart => {
    const [first, last] = [box[i] ?? 0, (box[i + axes.length] ?? 1) - 1];
    const [from, to] = [positionWords(axis, first), positionWords(axis, last)];
    return {
      key: `axis ${i}`,
      before: `${axis.name === '' ? `axis ${i}` : axis.name} `,
      value: first === last ? String(first) : `${first}–${last}`,
      after: from === null || to === null ? ' px' : ` (${from} – ${to})`,
    };
  });
  return [...parts.reverse(), { key: 'count', before: '', value: formatNumber(boxCount(box), 0), after: ' px' }];
}

/** As text, for Ctrl+C. */
export const readingText = (): string => reading.parts.map((p) => `${p.before}${p.value}${p.after}`).join('\t');
