/*
 * What a promise brings, for components; what was there before stays until then.
 *   watchPromise(() => promise | null)   { current, isStale, error }; call while a component is set up
 */
import { sentenceOf } from './toasts.svelte.ts';

export interface Watched<Value> {
  readonly current: Value | null;
  /** something else has been asked for and is not here yet */
  readonly isStale: boolean;
  readonly error: string | null;
}

/** `start` is called again when something that it read has changed; null = nothing is wanted. */
export function watchPromise<Value>(start: () => Promise<Value> | null): Watched<Value> {
  let current = $state.raw<Value | null>(null);
  let isStale = $state(false);
  let error = $state<string | null>(null);
  $effect(() => {
    const promise = start();
    if (promise === null) {
      current = null;
      isStale = false;
      error = null;
      return;
    }
    let isOver = false;
    isStale = true;
    promise.then(
      (value) => {
        if (isOver) return;
        current = value;
        isStale = false;
        error = null;
      },
      (thrown: unknown) => {
        if (isOver) return;
        isStale = false;
        error = sentenceOf(thrown);
      },
    );
    return () => {
      isOver = true;
    };
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
