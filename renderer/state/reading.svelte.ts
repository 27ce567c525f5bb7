/*
 * What the status line reads out at the left, in every view: where the cursor is in the current dataset and what is there.
 *   reading.parts   [{ key, before, value, after }]   "x " "48" " (12.0 nm)"
 *   positionParts(axes, at), boxParts(axes, box)      parts for the cursor or the box on the navigation axes
 */
import { formatNumber } from '../../workers/figure/format-number.ts';
import { axisTitle, printUnits } from '../../workers/figure/si-units.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import { positionWords, valueWords } from '../charts/axis-words.ts';
import { boxCount, placedCursor, validBox } from './cursor-steps.ts';
import { live } from './live-spectrum.svelte.ts';
import { navigator } from './navigator.svelte.ts';
import { project } from './project.svelte.ts';

export interface ReadingPart {
  key: string;
  before: string;
  value: string;
  after: string;
}

class Reading {
  parts = $derived<readonly ReadingPart[]>(currentParts());
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

function currentParts(): ReadingPart[] {
  const { dataset, inspection } = project;
  if (dataset === null || inspection === null) return [];
  const navigation = navigationAxes(dataset.axes);
  const shape = navigation.map((a) => a.size);
  const at = placedCursor(inspection.at, shape);
  const box = inspection.mode === 'box' ? validBox(inspection.box, shape) : null;
  const list = box === null ? positionParts(navigation, at) : boxParts(navigation, box);
  const signal = signalAxes(dataset.axes);
  const axis = signal.length === 1 ? signal[0] : undefined;
  const { channel } = inspection;
  const after = ` ${printUnits(dataset.quantity.units) ?? ''}`;
  if (axis !== undefined && channel !== null && channel < axis.size) {
    list.push(channelPart(axis, channel));
    const value = live.current?.dataset === dataset.id ? live.current.values[channel] : undefined;
    if (value !== undefined) list.push({ key: 'value', before: '', value: valueWords(value, null), after });
  } else if (box === null && navigation.length > 0) {
    const image = navigator.current?.dataset === dataset.id ? navigator.current : null;
    const value = image?.values[at.reduce((sum, v, i) => sum * (shape[i] ?? 1) + v, 0)];
    if (value !== undefined) {
      list.push({ key: 'sum', before: `${inspection.image} `, value: valueWords(value, null), after });
    }
  }
  if (list.length === 0) {
    const words = axis === undefined ? '' : `, ${axisTitle(axis.name, axis.units, 'channel')}`;
    list.push({ key: 'name', before: '', value: dataset.name, after: words });
  }
  if (inspection.step > 1) {
    list.push({ key: 'step', before: 'Ctrl step ', value: String(inspection.step), after: ' px' });
  }
  return list;
}

function channelPart(axis: Axis, channel: number): ReadingPart {
  const position = positionWords(axis, channel);
  return position === null
    ? { key: 'channel', before: 'channel ', value: String(channel), after: '' }
    : { key: 'channel', before: '', value: position, after: ` channel ${channel}` };
}

/** As text, for Ctrl+C. */
export const readingText = (): string => reading.parts.map((p) => `${p.before}${p.value}${p.after}`).join('\t');
