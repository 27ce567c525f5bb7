/*
 * The data summed over the channels that a result kept, to be compared with the model of it.
 *   watchSumImage(() => dataset | null, () => keptChannels | null)   { values, error }; call while a component is set up
 */
import { untrack } from 'svelte';
import type { DatasetSummary } from '../../main/contract/methods.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { signalAxes } from '../../workers/model/signal.ts';
import { fetchArray, realValues } from '../state/arrays.svelte.ts';
import { client } from '../state/connection.ts';
import { watchPromise } from '../state/watch-promise.svelte.ts';
import { keptRuns } from './model.ts';

/** More left-out ranges than this are not added up one by one. */
const MOST_RUNS = 12;

async function sumOver(dataset: DatasetSummary, isKept: Uint8Array): Promise<Float64Array> {
  const runs = keptRuns(isKept);
  const isAll = runs.length === 1 && runs[0]?.[0] === 0 && runs[0][1] === isKept.length;
  if (!isAll && signalAxes(dataset.axes).length !== 1) {
    throw new EigenscopeError('bad-request', 'Left-out parts of an image signal cannot be taken out of the sum image.');
  }
  if (runs.length > MOST_RUNS) {
    throw new EigenscopeError(
      'bad-request',
      `The channels are left out in ${runs.length} places: too many for a sum image.`,
    );
  }
  const total: number[] = [];
  for (const channels of isAll ? [null] : runs) {
    const ref = await client().call('dataset.image', { dataset: dataset.id, reduce: 'sum', channels });
    const values = realValues(await fetchArray(ref.url));
    for (let i = 0; i < values.length; i++) total[i] = (total[i] ?? 0) + (values[i] as number);
  }
  return Float64Array.from(total);
}

export interface WatchedSum {
  readonly values: Float64Array | null;
  readonly error: string | null;
}

export function watchSumImage(dataset: () => DatasetSummary | null, isKept: () => Uint8Array | null): WatchedSum {
  // the same channels of the same data are not asked for again when only the result changes
  const key = $derived.by(() => {
    const kept = isKept();
    const source = dataset();
    return source === null || kept === null
      ? null
      : `${source.id} ${source.residency} ${JSON.stringify(keptRuns(kept))}`;
  });
  const watched = watchPromise(() => {
    const isAsked = key !== null;
    const source = untrack(dataset);
    const kept = untrack(isKept);
    if (!isAsked || source === null || kept === null) return null;
    return source.missing === null
      ? sumOver(source, kept)
      : Promise.reject(new EigenscopeError('not-found', source.missing));
  });
  return {
    get values() {
      return watched.error === null ? watched.current : null;
    },
    get error() {
      return watched.error;
    },
  };
}
