/*
 * What a promise brings, for components; what was there before stays until then.
 *   watchPromise((isOver) => promise | null)   { current, isStale, error }; call while a component is set up
 */
import { sentenceOf } from './toasts.svelte.ts';

export interface Watched<Value> {
  readonly current: Value | null;
  /** something else has been asked for and is not here yet */
  readonly isStale: boolean;
  readonly error: string | null;
}

/**
 * `start` is called again when something that it read has changed, and what it began before `isOver` then; null = nothing
 * is wanted.
 */
export function watchPromise<Value>(start: (isOver: () => boolean) => Promise<Value> | null): Watched<Value> {
  let current = $state.raw<Value | null>(null);
  let isStale = $state(false);
  let error = $state<string | null>(null);
  $effect(() => {
    let isOver = false;
    const promise = start(() => isOver);
    if (promise === null) {
      current = null;
      isStale = false;
      error = null;
      return;
    }
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
