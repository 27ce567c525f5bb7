/*
 * Sums of the spectra of every cluster, read from the data, for results that do not hold them.
 *   watchMeans(() => request | null)   { sums, isBehind, error }; call while a component is set up
 */
import { untrack } from 'svelte';
import type { DatasetSummary } from '../../main/contract/methods.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { fetchArray, realValues } from '../state/arrays.svelte.ts';
import { client } from '../state/connection.ts';
import { watchPromise } from '../state/watch-promise.svelte.ts';
import { countOf, pixelsOf, runsOf } from './pixel-sets.ts';

interface Request {
  record: ResultRecord;
  dataset: DatasetSummary | null;
  labels: ArrayLike<number>;
  clusters: number;
}

/** [clusters × features], each row the sum over the pixels of a cluster. */
async function sumsOf({ dataset, labels, clusters }: Request, isOver: () => boolean): Promise<Float64Array> {
  if (dataset === null) {
    throw new EigenscopeError('not-found', 'Open the data of this result to see the spectra of its clusters.');
  }
  if (dataset.missing !== null) throw new EigenscopeError('not-found', dataset.missing);
  const sums = new Float64Array(clusters * dataset.features);
  for (let c = 0; c < clusters && !isOver(); c++) {
    const set = pixelsOf(labels, new Set([c]));
    const pixels = countOf(set);
    if (pixels === 0) continue;
    const { mean } = await client().call('dataset.pixels', { dataset: dataset.id, runs: runsOf(set) });
    const values = realValues(await fetchArray(mean.url));
    for (let j = 0; j < dataset.features; j++) sums[c * dataset.features + j] = pixels * (values[j] as number);
  }
  return sums;
}

/** Sums of another result are never shown in the place of these. */
export function watchMeans(request: () => Request | null) {
  // a rename makes a new record of the same result: its sums stay
  const key = $derived.by(() => {
    const asked = request();
    return asked === null ? null : `${asked.record.id} ${asked.dataset?.id ?? ''} ${asked.dataset?.missing ?? ''}`;
  });
  const watched = watchPromise((isOver) => {
    const asked = key === null ? null : untrack(request);
    return asked === null ? null : sumsOf(asked, isOver);
  });
  const isThere = $derived(!watched.isStale && watched.error === null);
  return {
    get sums() {
      return isThere ? watched.current : null;
    },
    get isBehind() {
      return watched.isStale;
    },
    get error() {
      return watched.isStale ? null : watched.error;
    },
  };
}
