/*
 * What the first k components leave of the data, from the services: one pass over the data for each k.
 *   watchResidual(() => request | null)   { current, isStale, error }; call while a component is set up
 * Asked a moment after the last change; of what is asked meanwhile only the newest counts, and what was there before
 * stays, marked as old.
 */
import type { DatasetSummary, ResultId } from '../../main/contract/methods.ts';
import { createNewest } from '../client/newest.ts';
import { realValues } from '../state/arrays.svelte.ts';
import { client } from '../state/connection.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';

export interface ResidualRequest {
  result: ResultId;
  /** the data of the result, or null when they are not open */
  dataset: DatasetSummary | null;
  components: number;
}

export interface Residual {
  result: ResultId;
  components: number;
  /** root mean square over the channels [navigation], units of the data */
  map: Float64Array;
  /** signed mean over the pixels [signal] */
  spectrum: Float64Array;
  /** root mean square over the pixels [signal] */
  spread: Float64Array;
  /** ‖data − model‖ / ‖data‖ */
  relativeError: number;
}

export interface WatchedResidual {
  readonly current: Residual | null;
  /** `current` is that of an earlier k */
  readonly isStale: boolean;
  readonly error: string | null;
}

const DELAY_MS = 150;
/** Small maps of the last few k, so that the slider can go back without a pass. */
const MOST_KEPT = 12;
const kept = new Map<string, Residual>();

interface Asked {
  key: string;
  result: ResultId;
  components: number;
}

async function fetchResidual({ key, result, components }: Asked): Promise<Residual> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const answer = await client().call('result.residual', { result, components });
  const [map, spectrum, spread] = await Promise.all(
    [answer.map, answer.spectrum, answer.spread].map(async (ref) =>
      Float64Array.from(realValues(await client().array(ref.url))),
    ),
  );
  if (map === undefined || spectrum === undefined || spread === undefined) throw new Error('A residual is not whole.');
  const residual = { result, components, map, spectrum, spread, relativeError: answer.relativeError };
  kept.set(key, residual);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return residual;
}

/** Why there can be no residual, or null. */
export const whyNoResidual = (dataset: DatasetSummary | null): string | null =>
  dataset === null ? 'The data of this result are not open, so what is left of them is not known.' : dataset.missing;

export function watchResidual(request: () => ResidualRequest | null): WatchedResidual {
  let current = $state.raw<Residual | null>(null);
  let isStale = $state(false);
  let error = $state<string | null>(null);
  let newestKey = '';
  const asking = createNewest<Asked, Residual>(
    fetchResidual,
    (residual, asked) => {
      current = residual;
      error = null;
      if (asked.key === newestKey) isStale = false;
    },
    (thrown, asked) => {
      if (asked.key !== newestKey) return;
      current = null;
      error = sentenceOf(thrown);
      isStale = false;
    },
  );
  $effect(() => {
    const wanted = request();
    const why = wanted === null ? null : whyNoResidual(wanted.dataset);
    // a renamed or starred result is the same; data that were opened again are not
    newestKey = wanted === null ? '' : `${wanted.result} ${wanted.components} ${wanted.dataset?.file ?? ''}`;
    if (wanted === null || why !== null) {
      asking.cancel();
      current = null;
      error = why;
      isStale = false;
      return;
    }
    const asked = { key: newestKey, result: wanted.result, components: wanted.components };
    const known = kept.get(asked.key);
    if (known !== undefined) {
      asking.cancel();
      current = known;
      error = null;
      isStale = false;
      return;
    }
    isStale = true;
    const timer = setTimeout(() => asking.ask(asked), DELAY_MS);
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
