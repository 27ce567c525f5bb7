import type { AlgorithmSpec } from './algorithm.ts';
import type { Problem } from './limits.ts';
import type { Param, ParamSet } from './param.ts';

export type Validation =
  { ok: true; values: Readonly<Record<string, unknown>> } | { ok: false; problems: readonly Problem[] };

/** Most signals that can be joined in one step. */
const mostInputs = 10_000;
/** Longest list of component indices that is accepted. */
const longestList = 1_000_000;

/**
 * Checks given parameters against a description. Values that are left out or null take the default; unknown names are
 * refused. Bounds that depend on the data are checked by `checkLimits`.
 * @param given anything: it may come from a file or a command line
 */
export function validateParameters(spec: AlgorithmSpec, given: unknown): Validation {
  if (given !== undefined && given !== null && !isRecord(given)) {
    return {
      ok: false,
      problems: [{ param: '', message: `Parameters must be an object of names and values; got ${show(given)}.` }],
    };
  }
  const entries = given ?? {};
  const problems: Problem[] = unknownNames(spec.params, entries);
  const values: Record<string, unknown> = {};
  for (const [id, param] of Object.entries(spec.params)) {
    const value = Object.hasOwn(entries, id) ? entries[id] : undefined;
    if (value === undefined || value === null) {
      values[id] = param.default;
      if (param.default === null && param.optional === undefined && isShown(param, { ...values, ...entries })) {
        problems.push({ param: id, message: `${id} must be given: ${expectation(param)}.` });
      }
      continue;
    }
    if (accepts(param, value)) values[id] = value;
    else problems.push({ param: id, message: `${id} must be ${expectation(param)}; got ${show(value)}.` });
  }
  if (problems.length === 0) {
    const conflict = spec.conflict(values as never);
    if (conflict) problems.push(conflict);
  }
  return problems.length === 0 ? { ok: true, values } : { ok: false, problems };
}

/** The defaults of all parameters. */
export const defaultValues = (params: ParamSet): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).map(([id, param]) => [id, param.default]));

/** Whether a parameter matters, given the others. */
export const isShown = (param: Param, values: Readonly<Record<string, unknown>>): boolean =>
  param.when === undefined || param.when.is.includes(values[param.when.param]);

function unknownNames(params: ParamSet, given: Readonly<Record<string, unknown>>): Problem[] {
  const known = Object.keys(params);
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(params, name))
    .map((name) => ({
      param: name,
      message: `There is no parameter ${name} here. ${known.length > 0 ? `The parameters are ${known.join(', ')}.` : 'There are none.'}`,
    }));
}

function accepts(param: Param, value: unknown): boolean {
  switch (param.kind) {
    case 'integer':
      return Number.isInteger(value) && inRange(param, value as number);
    case 'number':
      return typeof value === 'number' && inRange(param, value);
    case 'choice':
      return param.options.some((option) => option.value === value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'input':
      return typeof value === 'string' && value.length > 0;
    case 'axis':
      return isIndex(value) || (typeof value === 'string' && value.length > 0);
    case 'text':
      return typeof value === 'string' && value.length <= param.longest;
    case 'inputs':
      return Array.isArray(value) && value.length > 0 && value.length <= mostInputs && value.every(isName);
    case 'components':
      return isComponents(value, param.countedFrom ?? 0);
    case 'numbers':
      return isNumbers(param, value);
  }
}

// written so that NaN fails
const inRange = (param: { min: number; max: number }, value: number): boolean =>
  value >= param.min && value <= param.max;

const isName = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function isComponents(value: unknown, first: number): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && value.length <= longestList && value.every((item) => isIndex(item) && item >= first);
  }
  return Number.isInteger(value) && (value as number) >= 1;
}

/** What a parameter takes, as it completes "… must be". */
export function expectation(param: Param): string {
  switch (param.kind) {
    case 'integer':
      return `a whole number from ${param.min} to ${param.max}`;
    case 'number':
      return `a number from ${param.min} to ${param.max}${param.unit ? ` ${param.unit}` : ''}`;
    case 'choice':
      return `one of ${param.options.map((option) => option.value).join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'input':
      return param.words
        ? `${param.words.map((word) => word.value).join(', ')}, or the name of an input or an earlier step`
        : 'the name of an input or an earlier step';
    case 'axis':
      return `the name of ${param.among === 'any' ? 'an axis' : `a ${param.among} axis`} or its index in the array`;
    case 'text':
      return `text of up to ${param.longest} characters`;
    case 'inputs':
      return 'a list of names of inputs or earlier steps';
    case 'components':
      return param.countedFrom === 1
        ? 'a whole number n of at least 1 (1 to n) or a list of whole numbers from 1 on'
        : 'a whole number n of at least 1 (the first n) or a list of component indices from 0 on';
    case 'numbers': {
      const names = param.names?.map((name) => name.value) ?? [];
      const count = param.least === param.most ? `${param.least}` : `${param.least} to ${param.most}`;
      return `a list of ${count} numbers${names.length > 0 ? ` or one of ${names.join(', ')}` : ''}`;
    }
  }
}

function isNumbers(param: Extract<Param, { kind: 'numbers' }>, value: unknown): boolean {
  if (typeof value === 'string') return param.names?.some((name) => name.value === value) ?? false;
  return (
    Array.isArray(value) &&
    value.length >= param.least &&
    value.length <= param.most &&
    value.every((item) => typeof item === 'number' && Number.isFinite(item))
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as it is named in a message, cut to a readable length. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
