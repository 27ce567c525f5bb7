/*
 * Mean and standard deviation of the spectra of the selected pixels: one request in flight, newest wins.
 *   watchSelected(() => { dataset, set } | null)   { current, isBehind, error }; call while a component is set up
 */
import type { DatasetSummary } from '../../main/contract/methods.ts';
import { createNewest } from '../client/newest.ts';
import { realValues } from '../state/arrays.svelte.ts';
import { client } from '../state/connection.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';
import { countOf, runsOf } from './pixel-sets.ts';

interface Request {
  dataset: DatasetSummary;
  set: Uint8Array;
}

export interface SelectedSpectrum {
  set: Uint8Array;
  pixels: number;
  mean: ArrayLike<number>;
  /** NaN for one pixel */
  spread: ArrayLike<number>;
}

export function watchSelected(request: () => Request | null) {
  let current = $state.raw<SelectedSpectrum | null>(null);
  let isBehind = $state(false);
  let error = $state<string | null>(null);
  let wanted: Uint8Array | null = null;
  const newest = createNewest<Request, SelectedSpectrum>(
    async ({ dataset, set }) => {
      const { mean, spread } = await client().call('dataset.pixels', { dataset: dataset.id, runs: runsOf(set) });
      const [m, s] = await Promise.all([client().array(mean.url), client().array(spread.url)]);
      return { set, pixels: countOf(set), mean: realValues(m), spread: realValues(s) };
    },
    (found) => {
      current = found;
      error = null;
      isBehind = found.set !== wanted;
    },
    (thrown) => {
      current = null;
      error = sentenceOf(thrown);
      isBehind = false;
    },
  );
  $effect(() => {
    const asked = request();
    wanted = asked?.set ?? null;
    if (asked === null) {
      newest.cancel();
      current = null;
      error = null;
      isBehind = false;
      return;
    }
    isBehind = true;
    newest.ask(asked);
  });
  return {
    get current() {
      return current;
    },
    get isBehind() {
      return isBehind;
    },
    get error() {
      return error;
    },
  };
}
