import type { Limit } from '../../workers/specs/algorithm.ts';
import type { Param, ParamSet } from '../../workers/specs/param.ts';
import { expectation } from '../../workers/specs/validate.ts';
import { formatNumber, formatSignificant, THIN_SPACE } from '../../workers/figure/format-number.ts';
import { parseNumber } from '../dialogs/parse-number.ts';

/** Values of a form by parameter id, as they go into `job.start`. */
export type FormValues = Readonly<Record<string, unknown>>;

/** What a form shows: the values that can be read, and the text of the fields that cannot. */
export interface FormDraft {
  values: FormValues;
  /** what was typed where it is not a number or list; such a draft cannot be submitted */
  unreadable: Readonly<Record<string, string>>;
}

/** One parameter in the order of the description. */
export type ParamEntry = readonly [id: string, param: Param];

export const defaultsOf = (params: ParamSet): FormValues =>
  Object.fromEntries(Object.entries(params).map(([id, param]) => [id, param.default]));

/** Recommended values with those of an earlier run laid over them; ids and kinds that no longer exist are dropped. */
export function draftFrom(params: ParamSet, earlier: FormValues): FormDraft {
  const known = Object.entries(earlier).filter(([id, value]) => {
    const param = params[id];
    return param !== undefined && fitsKind(param, value);
  });
  return { values: { ...defaultsOf(params), ...Object.fromEntries(known) }, unreadable: {} };
}

function fitsKind(param: Param, value: unknown): boolean {
  if (value === null || value === undefined) return param.optional !== undefined;
  switch (param.kind) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return param.options.some((option) => option.value === value);
    case 'input':
      return typeof value === 'string';
    case 'axis':
      return typeof value === 'string' || Number.isInteger(value);
    case 'text':
      return typeof value === 'string';
    case 'inputs':
      return Array.isArray(value) && value.every((v) => typeof v === 'string');
    case 'numbers':
      return typeof value === 'string' || (Array.isArray(value) && value.every((v) => typeof v === 'number'));
    case 'components':
      return Number.isInteger(value) || (Array.isArray(value) && value.every((v) => Number.isInteger(v)));
  }
}

export const isVisible = (param: Param, values: FormValues): boolean =>
  param.when === undefined || param.when.is.includes(values[param.when.param]);

/** The fields to show now: those in sight and those behind "More settings". */
export function visibleFields(
  params: ParamSet,
  values: FormValues,
  isWanted: (entry: ParamEntry) => boolean = () => true,
): { main: ParamEntry[]; more: ParamEntry[] } {
  const shown = Object.entries(params).filter((entry) => isWanted(entry) && isVisible(entry[1], values));
  return {
    main: shown.filter(([, param]) => param.advanced !== true),
    more: shown.filter(([, param]) => param.advanced === true),
  };
}

export const isDefault = (param: Param, value: unknown): boolean =>
  JSON.stringify(value ?? null) === JSON.stringify(param.default ?? null);

/** "More settings (4, all defaults)", "More settings (4, 1 changed)". */
export function moreLabel(more: readonly ParamEntry[], values: FormValues): string {
  const changed = more.filter(([id, param]) => !isDefault(param, values[id])).length;
  return `More settings (${more.length}, ${changed === 0 ? 'all defaults' : `${changed} changed`})`;
}

/** The bounds of a number: those of the data where they are narrower than those of the description. */
export function boundsOf(param: Param, limit: Limit | undefined): { min: number; max: number } | null {
  if (param.kind !== 'integer' && param.kind !== 'number') return null;
  return {
    min: Math.max(param.min, limit?.min ?? -Infinity),
    max: Math.min(param.max, limit?.max ?? Infinity),
  };
}

/** A bound this far out is no information; the field then shows its unit only. */
const FAR = 1e6;

/** What stands inside the field at the right: "1 … 64", "≥ 0 eV", "%"; empty when there is nothing to say. */
export function rangeText(param: Param, limit?: Limit): string {
  const bounds = boundsOf(param, limit);
  if (bounds === null) return '';
  const unit = 'unit' in param && param.unit !== undefined ? `${THIN_SPACE}${param.unit}` : '';
  const { min, max } = bounds;
  // a bound on a count is exact
  const text = (bound: number): string =>
    param.kind === 'integer' ? formatNumber(bound, 0) : formatSignificant(bound);
  if (Math.abs(min) < FAR && Math.abs(max) < FAR) return `${text(min)} … ${text(max)}${unit}`;
  if (Math.abs(min) < FAR) return `≥ ${text(min)}${unit}`;
  return unit.trim();
}

/** The text of a value as it is edited; empty for "nothing given". Components are numbered from 1. */
export function textOf(param: Param, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (param.kind === 'components') return componentsText(param, value);
  if (param.kind === 'numbers') return Array.isArray(value) ? value.join(', ') : String(value);
  return String(value);
}

export type Parsed = { ok: true; value: unknown } | { ok: false; message: string };

/** Reads what was typed in a field for numbers, components or text. Decimal comma and spaces in thousands are understood. */
export function parseText(param: Param, text: string): Parsed {
  const trimmed = text.trim();
  if (trimmed === '') {
    if (param.optional !== undefined) return { ok: true, value: null };
    const advice = param.default === null ? '' : `; recommended is ${String(param.default)}`;
    return { ok: false, message: `${param.label} needs a value${advice}.` };
  }
  if (param.kind === 'components') return parseComponents(param, trimmed);
  if (param.kind === 'numbers') return parseNumbers(param, trimmed);
  if (param.kind === 'text') {
    return trimmed.length <= param.longest
      ? { ok: true, value: trimmed }
      : { ok: false, message: `${param.label} may have ${param.longest} characters; it has ${trimmed.length}.` };
  }
  const value = parseNumber(trimmed);
  if (value === null) {
    return { ok: false, message: `${param.label} must be a number; got “${trimmed}”.` };
  }
  if (param.kind === 'integer' && !Number.isInteger(value)) {
    return { ok: false, message: `${param.label} must be a whole number; got ${formatSignificant(value, 6)}.` };
  }
  return { ok: true, value };
}

/** "0.02, 1.1, 0.6" or one of the names. */
function parseNumbers(param: Extract<Param, { kind: 'numbers' }>, text: string): Parsed {
  const name = param.names?.find(({ value, label }) => value === text || label === text);
  if (name) return { ok: true, value: name.value };
  const list = text.split(/\s*[,;]\s*|\s+/).map(parseNumber);
  if (list.every((number) => number !== null) && list.length >= param.least && list.length <= param.most) {
    return { ok: true, value: list };
  }
  return { ok: false, message: `${param.label} must be ${expectation(param)}; got “${text}”.` };
}

type ComponentsParam = Extract<Param, { kind: 'components' }>;

/** What is added to a stored number for the one that is shown, which is never below 1. */
const shownFrom = (param: ComponentsParam): number => 1 - (param.countedFrom ?? 0);

/** "5" = the first five; "1, 3–5" or "4," = these, numbered from 1; stored as a count or as indices. */
function parseComponents(param: ComponentsParam, text: string): Parsed {
  if (/^\d+$/.test(text)) {
    const count = Number(text);
    return count >= 1 ? { ok: true, value: count } : { ok: false, message: `${param.label} are numbered from 1.` };
  }
  const indices = new Set<number>();
  for (const part of text.replace(/[,;]$/, '').split(/[,;]/)) {
    const [, first, last = first] = /^\s*(\d+)\s*(?:[-–…]\s*(\d+)\s*)?$/.exec(part) ?? [];
    const from = Number(first);
    const to = Number(last);
    if (first === undefined || from < 1 || to < from || to > 10_000) {
      const meaning = param.countedFrom === 1 ? '1 to 5' : 'the first five';
      return { ok: false, message: `Write 5 (${meaning}) or 1, 3–5 (these); got “${part.trim()}”.` };
    }
    for (let k = from; k <= to; k++) indices.add(k - shownFrom(param));
  }
  return { ok: true, value: [...indices].sort((a, b) => a - b) };
}

/** Runs are joined: [0, 2, 3, 4] → "1, 3–5". A single index keeps a comma, so that it is not read as a count. */
function componentsText(param: ComponentsParam, value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const runs: string[] = [];
  const sorted = value.map((index) => Number(index) + shownFrom(param)).sort((a, b) => a - b);
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (sorted[end + 1] === (sorted[end] as number) + 1) end++;
    runs.push(end > i ? `${sorted[i]}–${sorted[end]}` : `${sorted[i]}`);
    i = end + 1;
  }
  return sorted.length === 1 ? `${runs[0] ?? ''},` : runs.join(', ');
}

/**
 * Next value for the arrow keys: by one for whole numbers, in 1-2-5 steps or steps of `size` for the others; kept inside
 * the bounds.
 */
export function stepValue(
  param: Param,
  value: unknown,
  direction: 1 | -1,
  limit?: Limit,
  size?: number,
): number | null {
  const bounds = boundsOf(param, limit);
  if (bounds === null) return null;
  const start = typeof value === 'number' ? value : typeof param.default === 'number' ? param.default : bounds.min;
  const next =
    typeof value !== 'number'
      ? start
      : param.kind === 'integer'
        ? start + direction
        : size === undefined
          ? niceNeighbour(start, direction)
          : Number((start + direction * size).toPrecision(12));
  return Math.min(bounds.max, Math.max(bounds.min, next));
}

function niceNeighbour(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * 0.1;
  const step = 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const away = direction === Math.sign(value);
  // going towards zero from 1.0 the step is 0.1, not 1
  const size = !away && Math.abs(value) / step < 1 + 1e-9 ? step / 10 : step;
  return Number((value + direction * size).toPrecision(12));
}

/** Puts one value in; a readable value clears what was unreadable there. */
export const withValue = (draft: FormDraft, id: string, value: unknown): FormDraft => ({
  values: { ...draft.values, [id]: value },
  unreadable: Object.fromEntries(Object.entries(draft.unreadable).filter(([key]) => key !== id)),
});

/** Keeps what cannot be read as it was typed; the last readable value stays beneath it. */
export const withUnreadable = (draft: FormDraft, id: string, text: string): FormDraft => ({
  values: draft.values,
  unreadable: { ...draft.unreadable, [id]: text },
});
