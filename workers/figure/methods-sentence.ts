import { formatNumber, formatScientific, MINUS } from './format-number.ts';

/** What the sentence is made from: the record of a result and the description of its algorithm. */
export interface MethodsRecord {
  /** of the algorithm */
  title: string;
  /** citation; empty when there is none */
  reference: string;
  /** in full, defaults filled in */
  parameters: Readonly<Record<string, unknown>>;
  defaults: Readonly<Record<string, unknown>>;
  /** null when nothing was drawn at random */
  seed: number | null;
  /** of Eigenscope */
  version: string;
  shape: { navigation: readonly number[]; signal: readonly number[] };
  /** left out */
  maskedPixels: number;
  maskedChannels: number;
}

/**
 * One sentence for the methods section: data and what was left out, algorithm with citation, every parameter (those
 * that were changed first), seed and version. The same record gives the same sentence.
 */
export function methodsSentence(record: MethodsRecord): string {
  const names = Object.keys(record.parameters);
  const isDefault = (name: string): boolean =>
    name in record.defaults && canonical(record.parameters[name]) === canonical(record.defaults[name]);
  const listed = (chosen: readonly string[]): string =>
    chosen.map((name) => `${name} = ${formatValue(record.parameters[name])}`).join(', ');
  const changed = names.filter((n) => !isDefault(n));
  const kept = names.filter(isDefault);
  const settings = [
    listed(changed),
    record.seed === null ? '' : `seed ${record.seed}`,
    kept.length === 0
      ? ''
      : `${changed.length === 0 ? 'defaults' : 'other parameters at their defaults'}: ${listed(kept)}`,
  ].filter((part) => part !== '');
  const citation = record.reference.trim().replace(/\.$/, '');
  return (
    `The ${describeData(record)} was analysed by ${record.title}` +
    (citation === '' ? '' : ` [${citation}]`) +
    (settings.length === 0 ? '' : ` (${settings.join('; ')})`) +
    ` with Eigenscope ${record.version}.`
  );
}

/** What was done to the data before; empty when nothing was. Parameters at their defaults are not listed. */
export function preparationSentence(
  steps: readonly Pick<MethodsRecord, 'title' | 'parameters' | 'defaults'>[],
): string {
  if (steps.length === 0) return '';
  const told = steps.map(({ title, parameters, defaults }) => {
    const changed = Object.keys(parameters).filter(
      (name) => canonical(parameters[name]) !== canonical(defaults[name]) && parameters[name] !== null,
    );
    const settings = changed.map((name) => `${name} = ${formatValue(parameters[name])}`).join(', ');
    return settings === '' ? title : `${title} (${settings})`;
  });
  return `Before the analysis the data were prepared in ${steps.length === 1 ? 'one step' : `${steps.length} steps`}: ${told.join('; ')}.`;
}

function describeData(record: MethodsRecord): string {
  const { navigation, signal } = record.shape;
  const sizes = [
    ...(navigation.length > 0 ? [counted(navigation, 'pixel')] : []),
    ...(signal.length > 0 ? [counted(signal, signal.length === 1 ? 'channel' : 'detector pixel')] : []),
  ].join(', ');
  const left = [
    ...(record.maskedPixels > 0 ? [counted([record.maskedPixels], 'pixel')] : []),
    ...(record.maskedChannels > 0 ? [counted([record.maskedChannels], 'channel')] : []),
  ].join(' and ');
  const inside = [sizes, left === '' ? '' : `${left} left out`].filter((s) => s !== '').join('; ');
  return `${dataWord(navigation.length, signal.length)}${inside === '' ? '' : ` (${inside})`}`;
}

function dataWord(navigation: number, signal: number): string {
  if (signal !== 1) return 'data set';
  return ['spectrum', 'line scan', 'spectrum image'][navigation] ?? 'data set';
}

function counted(sizes: readonly number[], word: string): string {
  const isOne = sizes.every((n) => n === 1);
  return `${sizes.map((n) => formatNumber(n)).join(' × ')} ${word}${isOne ? '' : 's'}`;
}

/** Longest list that is written out. */
const MAX_LISTED = 8;

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatExactly(value);
  if (typeof value === 'string') return value === '' ? '“”' : value;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = Array.from(value as ArrayLike<unknown>);
    const shown = items.slice(0, MAX_LISTED).map(formatValue).join(', ');
    return items.length > MAX_LISTED ? `[${shown}, … ${formatNumber(items.length)} values]` : `[${shown}]`;
  }
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${key}: ${formatValue((value as Record<string, unknown>)[key])}`)
    .join(', ')}}`;
}

/** All digits of a number, without grouping: a parameter must be typed in again as it was. */
function formatExactly(value: number): string {
  const text = String(value);
  if (text.includes('e') || (value !== 0 && Math.abs(value) < 1e-3)) return formatScientific(value, 17);
  return text.replace('-', MINUS).replace('Infinity', '∞');
}

/** JSON with sorted keys: equal values give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
