import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import type { FormValues } from '../forms/form-model.ts';
import { shortMethodName } from '../results/result-names.ts';

/** Something a person wants to know, and the methods that answer it. */
export interface Question {
  /** stable: the first method and what is preset */
  id: string;
  text: string;
  /** the methods that answer it, the recommended one first */
  specs: readonly AlgorithmSpec[];
  /** the methods in short, at the right of the question */
  hint: string;
  /** parameters that belong to the question */
  preset: FormValues;
}

/** Shorter than the name, or where the name would only repeat the question. */
const HINTS: Readonly<Record<string, string>> = {
  estimate_number_of_clusters: 'gap, silhouette',
  gaussian_mixture_selection: 'BIC',
  fuzzy_c_means: 'fuzzy',
  gaussian_mixture: 'mixture',
};

/** Longer hints would need a second line. */
const MOST_LETTERS = 14;

/** As many names as one line holds, then how many more there are; the list of methods tells them all. */
export function hintOf(names: readonly string[]): string {
  const shown = names.filter((_, i) => i === 0 || names.slice(0, i + 1).join(', ').length <= MOST_LETTERS);
  const left = names.length - shown.length;
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} +${left}`;
}

const POISSON = 'normalize_poissonian_noise';

/**
 * The questions of a family in the order of the registry; methods that answer the same question stand together.
 * Counting noise is a question of its own: the same SVD, with the noise normalised first.
 */
export function questionsOf(specs: readonly AlgorithmSpec[]): Question[] {
  const questions: Question[] = [];
  for (const text of new Set(specs.map((spec) => spec.question))) {
    const answering = specs.filter((spec) => spec.question === text);
    const first = answering[0] as AlgorithmSpec;
    const canNormalize = first.params[POISSON]?.kind === 'boolean';
    const isSvd = first.id === 'SVD' && canNormalize;
    questions.push({
      id: first.id,
      text,
      specs: answering,
      hint: hintOf(answering.map((spec) => HINTS[spec.id] ?? shortMethodName(spec.id))),
      preset: isSvd ? { [POISSON]: false } : {},
    });
    if (isSvd) {
      questions.push({
        id: `${first.id}+poisson`,
        text: 'Counting noise (EDS, CL)',
        specs: [first],
        hint: `${shortMethodName(first.id)} √`,
        preset: { [POISSON]: true },
      });
    }
  }
  return questions;
}

/** The question that leads to this method with these values; the first one when there is none. */
export function questionFor(
  questions: readonly Question[],
  algorithm: string,
  values: FormValues,
): Question | undefined {
  const answering = questions.filter((question) => question.specs.some((spec) => spec.id === algorithm));
  const fits = (question: Question): boolean =>
    Object.entries(question.preset).every(([id, value]) => (values[id] ?? false) === value);
  return answering.find(fits) ?? answering[0] ?? questions[0];
}
