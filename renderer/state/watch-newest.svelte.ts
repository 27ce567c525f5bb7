/*
 * The answer to what is wanted now: asked for when that has been still for a moment; of what is asked meanwhile only the
 * newest counts, and what was there before stays until its answer comes.
 *   watchNewest(() => request | null, fetchOne, { delayMs, … })   { current, isStale, error, … }
 * Two requests with the same JSON are one. Call while a component is set up.
 */
import { untrack } from 'svelte';
import { toPlainError, type PlainError } from '../../workers/model/errors.ts';
import { createNewest } from '../client/newest.ts';
import { sentenceOf } from './toasts.svelte.ts';
import type { Watched } from './watch-promise.svelte.ts';

export interface Asking<Request> {
  /** how long a request stands before it is asked for, ms */
  delayMs: number;
  /** the last answer stays while nothing is wanted */
  keepsLast?: boolean;
  /** asked for at once; `earlier` is what was asked for last */
  isQuick?: (earlier: Request | null, next: Request) => boolean;
  /** what is under way is not waited for */
  supersedes?: (earlier: Request | null, next: Request) => boolean;
  /** tells the services that nobody waits any more */
  stop?: () => void;
}

export interface WatchedNewest<Value> extends Watched<Value> {
  /** of what is wanted now; null = nothing */
  readonly key: string | null;
  readonly answer: { readonly key: string; readonly value: Value } | null;
  /** why there is no answer to what is wanted now; `error` stays until the next answer */
  readonly failure: { readonly error: PlainError; readonly sentence: string } | null;
}

export function watchNewest<Request, Value>(
  request: () => Request | null,
  fetchOne: (request: Request) => Promise<Value>,
  { delayMs, keepsLast = false, isQuick = () => false, supersedes = () => false, stop }: Asking<Request>,
): WatchedNewest<Value> {
  let asked: Request | null = null;
  let answer = $state.raw<{ key: string; value: Value } | null>(null);
  let failed = $state.raw<{ key: string; error: PlainError; sentence: string } | null>(null);
  const key = $derived.by(() => {
    const wanted = request();
    return wanted === null ? null : JSON.stringify(wanted);
  });
  const asking = createNewest<{ key: string; request: Request }, Value>(
    (one) => fetchOne(one.request),
    (value, one) => {
      answer = { key: one.key, value };
      failed = null;
    },
    (thrown, one) => {
      if (one.key === key) failed = { key: one.key, error: toPlainError(thrown), sentence: sentenceOf(thrown) };
    },
  );
  $effect(() => {
    const next = key === null ? null : { key, request: untrack(request) as Request };
    if (next === null) {
      asking.cancel();
      asked = null;
      if (!keepsLast) answer = failed = null;
      return;
    }
    if (supersedes(asked, next.request)) asking.cancel();
    const ask = (): void => {
      asked = next.request;
      asking.ask(next);
    };
    if (isQuick(asked, next.request)) {
      untrack(ask);
      return;
    }
    const timer = setTimeout(ask, delayMs);
    return () => clearTimeout(timer);
  });
  // what is under way when the component closes has nobody to go to
  $effect(() => () => {
    asking.cancel();
    stop?.();
  });
  const failure = $derived(failed?.key === key ? failed : null);
  const isStale = $derived(key !== null && answer?.key !== key && failure === null);
  return {
    get key() {
      return key;
    },
    get answer() {
      return answer;
    },
    get current() {
      return answer?.value ?? null;
    },
    get isStale() {
      return isStale;
    },
    get error() {
      return failed?.sentence ?? null;
    },
    get failure() {
      return failure;
    },
  };
}
