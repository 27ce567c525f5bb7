/*
 * What a step would make, while its form is filled in: asked a moment after the last change; an answer about earlier
 * values is never taken for one about these.
 *   watchOutcome(() => request | null)   { problems, outcome, isStale }
 *   watchPreview(() => request | null)   { current, isStale, error }: the spectrum at the cursor before and after
 * Call while a component is set up.
 */
import type { DatasetId, DatasetSummary, Params, Result } from '../../main/contract/methods.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import { createNewest } from '../client/newest.ts';
import type { FormProblem } from '../forms/form-problems.ts';
import { client } from '../state/connection.ts';
import { realValues } from '../state/real-values.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';

export interface StepRequest {
  dataset: DatasetId;
  operation: string;
  parameters: Metadata;
  /** it is a job of its own, not data of data */
  isJob: boolean;
}

export type Outcome = NonNullable<Result<'prepare.check'>['outcome']>;

interface Checked {
  problems: readonly FormProblem[];
  /** null while there are problems, and for what makes no data */
  outcome: Outcome | null;
}

export interface WatchedOutcome {
  readonly problems: readonly FormProblem[];
  readonly outcome: Outcome | null;
  readonly isStale: boolean;
  /** these very values were found good */
  readonly isGood: boolean;
}

export interface Preview {
  dataset: DatasetId;
  operation: string;
  /** axes of the outcome */
  axes: readonly Axis[];
  quantity: DatasetSummary['quantity'];
  /** place before, and in the outcome */
  from: readonly number[];
  at: readonly number[];
  before: ArrayLike<number>;
  after: ArrayLike<number>;
}

export interface WatchedPreview {
  readonly current: Preview | null;
  readonly isStale: boolean;
  readonly error: string | null;
}

const checkDelayMs = 120;
const previewDelayMs = 160;

async function ask({ isJob, ...asked }: StepRequest): Promise<Checked> {
  if (!isJob) return client().call('prepare.check', asked);
  const { problems } = await client().call('job.check', { ...asked, algorithm: null, parent: null });
  return { problems, outcome: null };
}

/** Asks for the newest of what is wanted, after it has been still for a moment. */
function watchNewest<Request, Value>(
  request: () => Request | null,
  fetchOne: (request: Request) => Promise<Value>,
  delayMs: number,
) {
  let answer = $state.raw<{ key: string; value: Value } | null>(null);
  let failure = $state.raw<{ key: string; sentence: string } | null>(null);
  const key = $derived.by(() => {
    const wanted = request();
    return wanted === null ? null : JSON.stringify(wanted);
  });
  const asking = createNewest<{ key: string; request: Request }, Value>(
    (asked) => fetchOne(asked.request),
    (value, asked) => {
      answer = { key: asked.key, value };
      failure = null;
    },
    (thrown, asked) => {
      failure = { key: asked.key, sentence: sentenceOf(thrown) };
    },
  );
  $effect(() => {
    if (key === null) {
      asking.cancel();
      return;
    }
    const asked = { key, request: JSON.parse(key) as Request };
    const timer = setTimeout(() => asking.ask(asked), delayMs);
    return () => clearTimeout(timer);
  });
  // what is under way when the panel closes has nobody to go to
  $effect(() => () => asking.cancel());
  return {
    get key() {
      return key;
    },
    get answer() {
      return answer;
    },
    /** why there is no answer to what is wanted now */
    get failure() {
      return failure?.key === key ? failure.sentence : null;
    },
  };
}

export function watchOutcome(request: () => StepRequest | null): WatchedOutcome {
  const watched = watchNewest(request, ask, checkDelayMs);
  const isStale = $derived(watched.key !== null && watched.answer?.key !== watched.key && watched.failure === null);
  const problems = $derived.by((): readonly FormProblem[] => {
    if (watched.failure !== null) return [{ param: null, message: watched.failure }];
    return isStale || watched.key === null ? [] : (watched.answer?.value.problems ?? []);
  });
  /** an older answer may stand meanwhile, but not that about other data or another step */
  const outcome = $derived.by((): Outcome | null => {
    const wanted = request();
    if (watched.answer === null || wanted === null) return null;
    const asked = JSON.parse(watched.answer.key) as StepRequest;
    const isSame = asked.dataset === wanted.dataset && asked.operation === wanted.operation;
    return isSame ? watched.answer.value.outcome : null;
  });
  return {
    get problems() {
      return problems;
    },
    get outcome() {
      return outcome;
    },
    get isStale() {
      return isStale;
    },
    get isGood() {
      return watched.key !== null && !isStale && problems.length === 0;
    },
  };
}

async function fetchPreview(asked: Params<'prepare.preview'>): Promise<Preview> {
  const { axes, quantity, at, before, after } = await client().call('prepare.preview', asked);
  const [first, second] = await Promise.all([client().array(before.url), client().array(after.url)]);
  return {
    dataset: asked.dataset,
    operation: asked.operation,
    axes,
    quantity,
    from: asked.at,
    at,
    before: realValues(first),
    after: realValues(second),
  };
}

export function watchPreview(request: () => Params<'prepare.preview'> | null): WatchedPreview {
  const watched = watchNewest(request, fetchPreview, previewDelayMs);
  return {
    get current() {
      return watched.answer?.value ?? null;
    },
    get isStale() {
      return watched.key === null || watched.answer?.key !== watched.key;
    },
    get error() {
      return watched.failure;
    },
  };
}
