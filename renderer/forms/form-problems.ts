import type { AlgorithmSpec, DataShape } from '../../workers/specs/algorithm.ts';
import { checkLimits } from '../../workers/specs/limits.ts';
import type { Param, ParamSet } from '../../workers/specs/param.ts';
import { defaultValues, validateParameters } from '../../workers/specs/validate.ts';
import { parseText, type FormDraft } from './form-model.ts';

/** Something in the way: at a field, or of the whole (param null). */
export interface FormProblem {
  param: string | null;
  message: string;
}

/**
 * The sentence of a check in the words of the form: ids of parameters become their labels, and values of choices the
 * texts that are shown.
 */
export function inFormWords(message: string, params: ParamSet): string {
  let words = message;
  for (const [id, param] of Object.entries(params)) {
    if (!new RegExp(`\\b${id}\\b`).test(words)) continue;
    if (param.kind === 'choice') {
      for (const option of param.options) {
        words = words.replace(new RegExp(`((?:got|with \\S+|to|or) )${escaped(option.value)}\\b`), `$1${option.label}`);
      }
    }
    words = words.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), param.label);
  }
  return words;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What the page itself can tell of a draft: unreadable fields, the description, and bounds that the data set. */
export function draftProblemsOf(spec: AlgorithmSpec, draft: FormDraft, shape: DataShape | null): FormProblem[] {
  const unreadable = Object.entries(draft.unreadable).flatMap(([id, text]): FormProblem[] => {
    const param = spec.params[id];
    const parsed = param === undefined ? null : parseText(param, text);
    return parsed !== null && !parsed.ok ? [{ param: id, message: parsed.message }] : [];
  });
  const checked = validateParameters(spec, draft.values);
  const values = checked.ok ? checked.values : { ...defaultValues(spec.params), ...draft.values };
  const ofData = shape === null ? [] : checkLimits(spec, shape, values as never);
  // what this data allows stands in the field: its bounds are told, not the wider ones of the method
  const found = checked.ok
    ? ofData
    : checked.problems.map((problem) => ofData.find(({ param }) => param === problem.param) ?? problem);
  const taken = new Set(unreadable.map((problem) => problem.param));
  return [
    ...unreadable,
    ...found
      .filter(({ param }) => !taken.has(param))
      .map(({ param, message }) => ({
        param: param === '' ? null : param,
        message: whatIsMissing(spec.params[param], draft.values[param]) ?? inFormWords(message, spec.params),
      })),
  ];
}

/** What to do about a field that must not stay empty, or null. */
function whatIsMissing(param: Param | undefined, value: unknown): string | null {
  if (param === undefined || param.optional !== undefined || (value ?? null) !== null) return null;
  switch (param.kind) {
    case 'inputs':
      return 'Choose one data set or more.';
    case 'input':
      return param.role === 'array' ? `Choose the ${param.label.toLowerCase()}.` : 'Choose a mask.';
    case 'axis':
      return 'Choose an axis.';
    default:
      return `${param.label} needs a value.`;
  }
}

/** Problems of page and services together; of each field the first one, since one line stands beneath it. */
export function mergeProblems(own: readonly FormProblem[], theirs: readonly FormProblem[]): FormProblem[] {
  const merged: FormProblem[] = [];
  for (const problem of [...own, ...theirs]) {
    const isKnown = merged.some(
      (known) => known.message === problem.message || (problem.param !== null && known.param === problem.param),
    );
    if (!isKnown) merged.push(problem);
  }
  return merged;
}

/** Sentences by field. */
export const errorsByParam = (problems: readonly FormProblem[]): Readonly<Record<string, string>> =>
  Object.fromEntries(problems.flatMap(({ param, message }) => (param === null ? [] : [[param, message]])));
