/*
 * Sums of the spectra of every cluster, read from the data, for results that do not hold them.
 *   watchMeans(() => request | null)   { sums, isBehind, error }; call while a component is set up
 */
import { untrack } from 'svelte';
import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { fetchArray, realValues } from '../state/arrays.svelte.ts';
import { client } from '../state/connection.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';
import { countOf, pixelsOf, runsOf } from './pixel-sets.ts';

interface Request {
  record: ResultRecord;
  dataset: DatasetSummary | null;
  labels: ArrayLike<number>;
  clusters: number;
}

/** [clusters × features], each row the sum over the pixels of a cluster. */
async function sumsOf({ dataset, labels, clusters }: Request, isOver: () => boolean): Promise<Float64Array> {
  if (dataset === null) throw new Error('Open the data of this result to see the spectra of its clusters.');
  if (dataset.missing !== null) throw new Error(dataset.missing);
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

export function watchMeans(request: () => Request | null) {
  let sums = $state.raw<Float64Array | null>(null);
  let isBehind = $state(false);
  let error = $state<string | null>(null);
  // a rename makes a new record of the same result: its sums stay
  const key = $derived.by(() => {
    const asked = request();
    return asked === null ? null : `${asked.record.id} ${asked.dataset?.id ?? ''} ${asked.dataset?.missing ?? ''}`;
  });
  $effect(() => {
    const asked = key === null ? null : untrack(request);
    sums = null;
    error = null;
    isBehind = asked !== null;
    if (asked === null) return;
    let isOver = false;
    sumsOf(asked, () => isOver).then(
      (found) => {
        if (isOver) return;
        sums = found;
        isBehind = false;
      },
      (thrown: unknown) => {
        if (isOver) return;
        isBehind = false;
        error = thrown instanceof Error && !('code' in thrown) ? thrown.message : sentenceOf(thrown);
      },
    );
    return () => {
      isOver = true;
    };
  });
  return {
    get sums() {
      return sums;
    },
    get isBehind() {
      return isBehind;
    },
    get error() {
      return error;
    },
  };
}
