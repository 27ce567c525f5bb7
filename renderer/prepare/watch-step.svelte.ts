/*
 * What a step would make, while its form is filled in: asked a moment after the last change; an answer about earlier
 * values is never taken for one about these.
 *   watchOutcome(() => request | null)   { problems, outcome, isStale }
 *   watchPreview(() => request | null)   { current, isStale, error }: the spectrum at the cursor before and after
 *   watchMask(() => request | null)      { current, isStale, error, problem }: the mask that a threshold would make
 * Call while a component is set up.
 */
import type { DatasetId, DatasetSummary, Params, Result } from '../../main/contract/methods.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import type { FormProblem } from '../forms/form-problems.ts';
import { client } from '../state/connection.ts';
import { realValues } from '../state/real-values.ts';
import { fetchArray } from '../state/arrays.svelte.ts';
import { watchNewest, type WatchedNewest } from '../state/watch-newest.svelte.ts';
import type { Watched } from '../state/watch-promise.svelte.ts';

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

export interface MaskPreview {
  dataset: DatasetId;
  /** sum of the channels, one per pixel */
  sums: ArrayLike<number>;
  /** one per pixel, 1 = left out */
  mask: Uint8Array;
  /** pixels that are left out */
  masked: number;
  threshold: number | null;
}

export interface WatchedMask extends Watched<MaskPreview> {
  /** the error, where the mask itself would fail with it */
  readonly problem: FormProblem | null;
}

const checkDelayMs = 120;
const previewDelayMs = 160;

async function ask({ isJob, ...asked }: StepRequest): Promise<Checked> {
  if (!isJob) return client().call('prepare.check', asked);
  const { problems } = await client().call('job.check', { ...asked, algorithm: null, parent: null });
  return { problems, outcome: null };
}

export function watchOutcome(request: () => StepRequest | null): WatchedOutcome {
  const watched = watchNewest(request, ask, { delayMs: checkDelayMs, keepsLast: true });
  const problems = $derived.by((): readonly FormProblem[] => {
    if (watched.failure !== null) return [{ param: null, message: watched.failure.sentence }];
    return watched.isStale || watched.key === null ? [] : (watched.answer?.value.problems ?? []);
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
      return watched.isStale;
    },
    get isGood() {
      return watched.key !== null && !watched.isStale && problems.length === 0;
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

/** What is not of the values in the form is stale, also where there can be none. */
const ofNow = <Value>(watched: WatchedNewest<Value>): Watched<Value> => ({
  get current() {
    return watched.current;
  },
  get isStale() {
    return watched.key === null || watched.answer?.key !== watched.key;
  },
  get error() {
    return watched.failure?.sentence ?? null;
  },
});

type PreviewRequest = Params<'prepare.preview'>;

/** The same data at another place: what was measured of them still holds. */
const isSameStep = (earlier: PreviewRequest, next: PreviewRequest): boolean =>
  JSON.stringify({ ...earlier, at: null }) === JSON.stringify({ ...next, at: null });

export const watchPreview = (request: () => PreviewRequest | null): Watched<Preview> =>
  ofNow(
    watchNewest(request, fetchPreview, {
      delayMs: previewDelayMs,
      keepsLast: true,
      supersedes: (earlier, next) => earlier !== null && !isSameStep(earlier, next),
    }),
  );

async function fetchMask(asked: Params<'prepare.mask'>): Promise<MaskPreview> {
  const { sums, mask, masked, threshold } = await client().call('prepare.mask', asked);
  // the sums are the same for all thresholds
  const [values, leftOut] = await Promise.all([fetchArray(sums.url), client().array(mask.url)]);
  return {
    dataset: asked.dataset,
    sums: realValues(values),
    mask: Uint8Array.from(leftOut.data as ArrayLike<number>),
    masked,
    threshold,
  };
}

type MaskRequest = Params<'prepare.mask'>;

const areSumsKnown = (earlier: MaskRequest | null, next: MaskRequest): boolean =>
  earlier !== null &&
  earlier.dataset === next.dataset &&
  earlier.parameters['start'] === next.parameters['start'] &&
  earlier.parameters['end'] === next.parameters['end'];

export function watchMask(request: () => MaskRequest | null): WatchedMask {
  const watched = watchNewest(request, fetchMask, {
    delayMs: previewDelayMs,
    keepsLast: true,
    // the sums are taken once; each threshold parts them in a moment
    isQuick: areSumsKnown,
    supersedes: (earlier, next) => !areSumsKnown(earlier, next),
    stop: () =>
      void client()
        .call('prepare.stopMask', {})
        .catch(() => undefined),
  });
  const now = ofNow(watched);
  return {
    get current() {
      return now.current;
    },
    get isStale() {
      return now.isStale;
    },
    get error() {
      return now.error;
    },
    get problem() {
      const error = watched.failure?.error ?? null;
      if (error === null || !['all-masked', 'parameter-out-of-range'].includes(error.code)) return null;
      const param = error.details['param'];
      return { param: typeof param === 'string' && param !== '' ? param : null, message: error.message };
    },
  };
}
