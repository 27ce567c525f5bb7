/*
 * What stands in a wizard's form beside the values: bounds, choices, what is in the way, and what can be tried as well.
 *   watchForm(wizard, () => dataset, () => isOpen)   live; call while a component is set up
 */
import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { DataShape, Limit } from '../../workers/specs/algorithm.ts';
import { operationOf, takesAlgorithm } from '../../workers/specs/registry.ts';
import { boundsOf } from '../forms/form-model.ts';
import {
  draftProblemsOf,
  errorsByParam,
  inFormWords,
  mergeProblems,
  type FormProblem,
} from '../forms/form-problems.ts';
import type { InputChoice } from '../forms/input-choices.ts';
import { project } from '../state/project.svelte.ts';
import type { Watched } from '../state/watch-promise.svelte.ts';
import { choicesFor } from './array-choices.ts';
import { watchCheck, type CheckAnswer } from './check.svelte.ts';
import { dataWords, leftOutWords } from './data-words.ts';
import { wizardWords } from './kinds.ts';
import { narrowedLimits, originLimits } from './origin-limits.ts';
import { questionFor, type Question } from './questions.ts';
import { offeredRange, rangeProblem, type TryRange } from './try-several.ts';
import type { Wizard } from './wizard.svelte.ts';

export interface WatchedForm {
  readonly check: Watched<CheckAnswer>;
  readonly question: Question | undefined;
  readonly usesSeed: boolean;
  readonly limits: Readonly<Record<string, Limit>>;
  readonly problems: readonly FormProblem[];
  readonly errors: Readonly<Record<string, string>>;
  readonly choices: Readonly<Record<string, readonly InputChoice[]>>;
  /** "16 072 of 16 384 px × 1 024 channels" */
  readonly dataText: string;
  readonly leftOut: string | null;
  /** the number of components or clusters now in the form */
  readonly count: number | null;
  readonly triesOffered: TryRange | null;
  readonly triesProblem: string | null;
  readonly triesReason: string;
}

const wholeOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export function watchForm(wizard: Wizard, getDataset: () => DatasetSummary | null, isOpen: () => boolean): WatchedForm {
  const dataset = $derived(getDataset());
  const spec = $derived(wizard.dataset === dataset?.id ? wizard.spec : null);
  const draft = $derived(wizard.draft);
  const origin = $derived(wizard.origin);
  const words = wizardWords[wizard.kind];

  const check = watchCheck(() => {
    if (!isOpen() || dataset === null || spec === null || origin === null || dataset.missing !== null) return null;
    const operation = operationOf(spec);
    return {
      dataset: dataset.id,
      operation,
      algorithm: takesAlgorithm(operation) ? spec.id : null,
      parent: origin.parent as never,
      parameters: { ...draft.values } as never,
    };
  });
  const answer = $derived(check.current);
  /** counts of what the masks leave, as soon as the services have told them */
  const shape = $derived<DataShape | null>(
    dataset === null
      ? null
      : {
          samples: answer?.samples ?? dataset.samples,
          features: answer?.features ?? dataset.features,
          dtype: dataset.dtype,
        },
  );
  const ofOrigin = $derived(spec === null || origin === null ? {} : originLimits(spec, origin));
  const limits = $derived(
    spec === null || shape === null
      ? {}
      : narrowedLimits({ ...spec.limits(shape, draft.values as never), ...answer?.limits }, ofOrigin),
  );
  const problems = $derived.by(() => {
    if (spec === null) return [];
    const own = draftProblemsOf(spec, draft, shape);
    for (const [param, { min, max, why }] of Object.entries(ofOrigin)) {
      const value = draft.values[param];
      if (param in draft.unreadable || typeof value !== 'number' || (value >= min && value <= max)) continue;
      const label = spec.params[param]?.label ?? param;
      // first, as these are the bounds that stand in the field
      own.unshift({ param, message: `${label} must be from ${min} to ${max}: ${why}; got ${value}.` });
    }
    // an answer about earlier settings says nothing about these
    const theirs = check.isStale || answer === null ? [] : answer.problems;
    const failed = check.error !== null && !check.isStale ? [{ param: null, message: check.error }] : [];
    const missing = dataset?.missing != null ? [{ param: null, message: dataset.missing }] : [];
    const nothing = origin === null ? [{ param: null, message: 'There is nothing to compute this from yet.' }] : [];
    const said = theirs.map((p) => ({ param: p.param, message: inFormWords(p.message, spec.params) }));
    return mergeProblems([...missing, ...nothing, ...own], [...said, ...failed]);
  });
  const errors = $derived(errorsByParam(problems));
  const choices = $derived.by(() => {
    if (spec === null || dataset === null) return {};
    const target = dataset;
    return Object.fromEntries(
      Object.entries(spec.params).flatMap(([id, param]) =>
        param.kind === 'input'
          ? [[id, choicesFor(id, param, draft.values, target, project.datasets, project.results)] as const]
          : [],
      ),
    );
  });

  const countParam = $derived(spec === null || wizard.countParam === null ? undefined : spec.params[wizard.countParam]);
  const count = $derived(wizard.countParam === null ? null : wholeOrNull(draft.values[wizard.countParam]));
  const bounds = $derived(countParam === undefined ? null : boundsOf(countParam, limits[wizard.countParam ?? '']));
  const triesOffered = $derived(bounds !== null && count !== null ? offeredRange(count, bounds) : null);
  const triesProblem = $derived(
    wizard.tries === null || bounds === null ? null : rangeProblem(wizard.tries, bounds, words.counted),
  );
  $effect(() => {
    if (triesOffered === null && wizard.tries !== null) wizard.tries = null;
  });

  return {
    check,
    get question() {
      return spec === null ? undefined : questionFor(wizard.questions, spec.id, draft.values);
    },
    get usesSeed() {
      return spec !== null && spec.usesSeed(draft.values as never);
    },
    get limits() {
      return limits;
    },
    get problems() {
      return problems;
    },
    get errors() {
      return errors;
    },
    get choices() {
      return choices;
    },
    get dataText() {
      return dataset === null ? '' : dataWords(dataset, shape ?? dataset);
    },
    get leftOut() {
      return dataset === null || answer === null || check.isStale ? null : leftOutWords(dataset, answer);
    },
    get count() {
      return count;
    },
    get triesOffered() {
      return triesOffered;
    },
    get triesProblem() {
      return triesProblem;
    },
    get triesReason() {
      return countParam === undefined
        ? `This method has no number of ${words.counted.toLowerCase()}.`
        : `Give a possible number of ${words.counted.toLowerCase()} first; the numbers around it can then be tried as well.`;
    },
  };
}
