/*
 * What the first k components leave of the data, from the services: one pass over the data for each k.
 *   watchResidual(() => request | null)   { current, isStale, error }; call while a component is set up
 * Asked a moment after the last change; what was there before stays, marked as old.
 */
import type { DatasetSummary, ResultId } from '../../main/contract/methods.ts';
import { realValues } from '../state/arrays.svelte.ts';
import { client } from '../state/connection.ts';
import { watchNewest } from '../state/watch-newest.svelte.ts';
import type { Watched } from '../state/watch-promise.svelte.ts';

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

const delayMs = 150;
/** Small maps of the last few k, so that the slider can go back without a pass. */
const MOST_KEPT = 12;
const kept = new Map<string, Residual>();

interface Asked {
  result: ResultId;
  components: number;
  /** a renamed or starred result is the same; data that were opened again are not */
  file: string;
}

const keyOf = ({ result, components, file }: Asked): string => `${result} ${components} ${file}`;
const isKept = (_: Asked | null, asked: Asked): boolean => kept.has(keyOf(asked));

async function fetchResidual(asked: Asked): Promise<Residual> {
  const key = keyOf(asked);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const { result, components } = asked;
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

/** Nothing is left of an earlier k after a failure. */
export function watchResidual(request: () => ResidualRequest | null): Watched<Residual> {
  const wanted = $derived(request());
  const why = $derived(wanted === null ? null : whyNoResidual(wanted.dataset));
  const watched = watchNewest(
    () =>
      wanted === null || why !== null
        ? null
        : { result: wanted.result, components: wanted.components, file: wanted.dataset?.file ?? '' },
    fetchResidual,
    { delayMs, isQuick: isKept, supersedes: isKept },
  );
  const error = $derived(why ?? watched.error);
  return {
    get current() {
      return error === null ? watched.current : null;
    },
    get isStale() {
      return watched.isStale;
    },
    get error() {
      return error;
    },
  };
}
