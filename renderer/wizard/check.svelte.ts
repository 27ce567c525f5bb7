/*
 * What the services say about a run before it starts: limits, problems, memory and time. Asked a moment after the last
 * change; of what is asked meanwhile only the newest counts.
 *   watchCheck(() => request | null)   { current, isStale, error }; call while a component is set up
 */
import type { Params, Result } from '../../main/contract/methods.ts';
import { createNewest } from '../client/newest.ts';
import { client } from '../state/connection.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';

export type CheckRequest = Params<'job.check'>;
export type CheckAnswer = Result<'job.check'>;

export interface WatchedCheck {
  readonly current: CheckAnswer | null;
  /** the answer is for earlier settings */
  readonly isStale: boolean;
  readonly error: string | null;
}

const DELAY_MS = 200;

export function watchCheck(request: () => CheckRequest | null): WatchedCheck {
  let current = $state.raw<CheckAnswer | null>(null);
  let isStale = $state(false);
  let error = $state<string | null>(null);
  let newestKey = '';
  const asking = createNewest<{ key: string; request: CheckRequest }, CheckAnswer>(
    (asked) => client().call('job.check', asked.request),
    (answer, asked) => {
      current = answer;
      error = null;
      if (asked.key === newestKey) isStale = false;
    },
    (thrown, asked) => {
      error = sentenceOf(thrown);
      if (asked.key === newestKey) isStale = false;
    },
  );
  const key = $derived(JSON.stringify(request()));
  $effect(() => {
    const wanted = request();
    newestKey = key;
    if (wanted === null) {
      asking.cancel();
      current = null;
      error = null;
      isStale = false;
      return;
    }
    isStale = true;
    const timer = setTimeout(() => asking.ask({ key: newestKey, request: wanted }), DELAY_MS);
    return () => clearTimeout(timer);
  });
  return {
    get current() {
      return current;
    },
    get isStale() {
      return isStale;
    },
    get error() {
      return error;
    },
  };
}
