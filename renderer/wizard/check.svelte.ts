/*
 * What the services say about a run before it starts: limits, problems, memory and time. Asked a moment after the last
 * change.
 *   watchCheck(() => request | null)   { current, isStale, error }; call while a component is set up
 */
import type { Params, Result } from '../../main/contract/methods.ts';
import { client } from '../state/connection.ts';
import { settings } from '../state/settings.svelte.ts';
import { watchNewest } from '../state/watch-newest.svelte.ts';
import type { Watched } from '../state/watch-promise.svelte.ts';

export type CheckRequest = Params<'job.check'>;
export type CheckAnswer = Result<'job.check'>;

const delayMs = 200;

export const watchCheck = (request: () => CheckRequest | null): Watched<CheckAnswer> =>
  watchNewest(
    () => {
      const asked = request();
      // another ceiling is another answer
      return asked === null ? null : { asked, ceiling: settings.memoryLimit };
    },
    ({ asked }) => client().call('job.check', asked),
    { delayMs },
  );
