/*
 * The arrays of several results at once.
 *   watchResults(() => records)   { current: by id, errors: by id }; call while a component is set up
 */
import type { ResultRecord } from '../../workers/model/result.ts';
import { loadResult, type LoadedResult } from '../results/result-data.svelte.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';

export interface WatchedResults {
  readonly current: ReadonlyMap<string, LoadedResult>;
  readonly errors: ReadonlyMap<string, string>;
}

export function watchResults(records: () => readonly ResultRecord[]): WatchedResults {
  let current = $state.raw<ReadonlyMap<string, LoadedResult>>(new Map());
  let errors = $state.raw<ReadonlyMap<string, string>>(new Map());
  $effect(() => {
    const wanted = records();
    let isOver = false;
    void Promise.allSettled(wanted.map((record) => loadResult(record))).then((answers) => {
      if (isOver) return;
      const found = new Map<string, LoadedResult>();
      const failed = new Map<string, string>();
      answers.forEach((answer, i) => {
        const id = wanted[i]?.id ?? '';
        if (answer.status === 'fulfilled') found.set(id, answer.value);
        else failed.set(id, sentenceOf(answer.reason));
      });
      current = found;
      errors = failed;
    });
    return () => {
      isOver = true;
    };
  });
  return {
    get current() {
      return current;
    },
    get errors() {
      return errors;
    },
  };
}
