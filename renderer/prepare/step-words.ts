/*
 * Steps of preparation in a few words, for lists, names and tooltips.
 *   stepWords(step, axes)    "Crop Energy 1 to 5 keV"; axes are those of the data, for units
 *   stepsWords(steps, axes)  all of them, "Crop Energy 1 to 5 keV · Rebin 2 × 2"
 */
import { formatNumber } from '../../workers/figure/format-number.ts';
import { printUnits } from '../../workers/figure/si-units.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { stepOf } from './step-groups.ts';

export interface PreparedBy {
  operation: string;
  values: Readonly<Record<string, unknown>>;
}

const plain = (value: unknown): string => String(typeof value === 'number' ? Number(value.toPrecision(8)) : value);
const isNumber = (value: unknown): value is number => typeof value === 'number';
const list = (value: unknown): number[] => (Array.isArray(value) ? value.filter(isNumber) : []);

const nameOf = (axes: readonly Axis[], named: unknown): string =>
  typeof named === 'number' ? axes[named]?.name || `axis ${named}` : plain(named);
const unitOf = (axes: readonly Axis[], named: unknown): string => {
  const axis = typeof named === 'number' ? axes[named] : axes.find(({ name }) => name === named);
  const unit = printUnits(axis?.units ?? null);
  return unit === null ? '' : `\u2009${unit}`;
};

/** "1 to 5 keV", "from 1 keV", "up to 5 keV"; empty for all. */
function rangeWords(start: unknown, end: unknown, unit: string): string {
  if (isNumber(start) && isNumber(end)) return `${plain(start)} to ${plain(end)}${unit}`;
  if (isNumber(start)) return `from ${plain(start)}${unit}`;
  return isNumber(end) ? `up to ${plain(end)}${unit}` : '';
}

const choiceLabel = (operation: string, param: string, value: unknown): string => {
  const described = stepOf(operation)?.params[param];
  return described?.kind === 'choice' ? (described.options.find((one) => one.value === value)?.label ?? '') : '';
};

/** "2 × 2", "1 × 1 | 4": navigation, then signal, as shapes are written; of ones only what differs. */
function binWords(scale: readonly number[], axes: readonly Axis[]): string {
  const parts = (isNavigation: boolean): number[] =>
    scale.filter((_, i) => (axes[i]?.navigate ?? true) === isNavigation).toReversed();
  const [navigation, signal] = [parts(true), parts(false)];
  const text = (numbers: readonly number[]): string => numbers.map(plain).join(' × ');
  if (signal.every((n) => n === 1)) return text(navigation);
  return navigation.length === 0 ? text(signal) : `${text(navigation)} | ${text(signal)}`;
}

function regionWords(start: readonly number[], end: readonly number[], axes: readonly Axis[]): string {
  return start
    .map((first, i) => `${axes[i]?.name || `axis ${i}`} ${first}–${(end[i] ?? first + 1) - 1}`)
    .toReversed()
    .join(', ');
}

export function stepWords({ operation, values }: PreparedBy, axes: readonly Axis[]): string {
  const axis = nameOf(axes, values['axis']);
  switch (operation) {
    case 'crop': {
      const unit = values['by'] === 'index' ? '' : unitOf(axes, values['axis']);
      const every = isNumber(values['step']) && values['step'] > 1 ? `, every ${values['step']}.` : '';
      return `Crop ${axis} ${rangeWords(values['start'], values['end'], unit)}`.trim() + every;
    }
    case 'select_region':
      return `Region ${regionWords(list(values['start']), list(values['end']), axes)}`;
    case 'select_pixels':
      return 'Pixels of a mask';
    case 'rebin':
      return `Rebin ${binWords(list(values['scale']), axes)}`;
    case 'reduce_axis':
      return `${choiceLabel(operation, 'function', values['function'])} over ${axis}`;
    case 'set_axis':
      return `Set axis ${axis}`;
    case 'transpose':
      return 'Exchange axes';
    case 'stack':
    case 'merge': {
      const count = Array.isArray(values['others']) ? values['others'].length + 1 : 2;
      return operation === 'stack'
        ? `Stack of ${formatNumber(count, 0)}`
        : `Merge ${formatNumber(count, 0)} along ${axis}`;
    }
    case 'change_dtype':
      return `To ${plain(values['dtype'])}`;
    case 'complex_part':
      return choiceLabel(operation, 'part', values['part']) || 'Real part of the values';
    case 'derivative':
      return values['order'] === 1 ? 'Derivative' : `Derivative of order ${plain(values['order'])}`;
    default: {
      const title = stepOf(operation)?.title ?? operation.replaceAll('_', ' ');
      const method = choiceLabel(operation, 'method', values['method']).replace(/ \(.*\)$/, '');
      return method === '' ? title : `${title} (${method})`;
    }
  }
}

export const stepsWords = (steps: readonly PreparedBy[], axes: readonly Axis[]): string =>
  steps.map((step) => stepWords(step, axes)).join(' · ');

/** Longest name that the services take. */
const longestName = 120;

/** "core-shell-particles, crop Energy 1 to 5 keV"; a taken name gets a number. */
export function outcomeName(parent: string, step: PreparedBy, axes: readonly Axis[], taken: readonly string[]): string {
  const words = stepWords(step, axes).replaceAll('\u2009', ' ');
  const full = `${parent}, ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  const name = full.length > longestName - 5 ? `${full.slice(0, longestName - 6)}…` : full;
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}

/** Beneath the data set that it was made of, a name need not say that one's once more. */
export function nameBeneath(name: string, parent: string | null): string {
  const start = parent === null ? '' : `${parent}, `;
  if (start === '' || !name.startsWith(start) || name.length === start.length) return name;
  const rest = name.slice(start.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
