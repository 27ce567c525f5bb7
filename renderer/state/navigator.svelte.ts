/*
 * The image the navigator shows for the current dataset: sum, mean or max over all channels or a window of them.
 *   navigator.current   { dataset, values, shape, isPreview } or null; the older one stays until the new one is there
 *   navigator.isBehind, navigator.error
 *   followWindow()      called once at start
 */
import type { DatasetId, Reduction } from '../../main/contract/methods.ts';
import { createNewest } from '../client/newest.ts';
import { featureCount } from '../../workers/model/signal.ts';
import { fetchArray, realValues } from './arrays.svelte.ts';
import { client } from './connection.ts';
import { validWindow } from './cursor-steps.ts';
import { project } from './project.svelte.ts';
import { sentenceOf } from './toasts.svelte.ts';

interface Request {
  dataset: DatasetId;
  reduce: Reduction;
  channels: readonly [number, number] | null;
  /** known already from opening the dataset */
  url: string | null;
  isPreview: boolean;
}

export interface NavigatorImage {
  dataset: DatasetId;
  values: ArrayLike<number>;
  shape: readonly number[];
  isPreview: boolean;
}

class Navigator {
  current = $state.raw<NavigatorImage | null>(null);
  isBehind = $state(false);
  error = $state<string | null>(null);
}

export const navigator = new Navigator();

const newest = createNewest<Request, NavigatorImage>(
  async ({ dataset, reduce, channels, url, isPreview }) => {
    const found = url ?? (await client().call('dataset.image', { dataset, reduce, channels })).url;
    // window images are many and quickly made: only the first one is kept
    const array = url === null ? await client().array(found) : await fetchArray(found);
    return { dataset, values: realValues(array), shape: array.shape, isPreview };
  },
  (image, request) => {
    navigator.current = image;
    navigator.error = null;
    navigator.isBehind = keyOf(request) !== wantedKey;
  },
  (error) => {
    navigator.error = sentenceOf(error);
    navigator.isBehind = false;
  },
);

const keyOf = (r: Request): string => `${r.dataset} ${r.reduce} ${r.channels?.join('-') ?? ''} ${r.url ?? ''}`;
let wantedKey = '';

export function followWindow(): void {
  let dataset: DatasetId | null = null;
  $effect(() => {
    const { views, inspection } = project;
    if (project.datasetId !== dataset) {
      newest.cancel();
      navigator.current = null;
      navigator.error = null;
      dataset = project.datasetId;
      wantedKey = '';
    }
    if (views === null || inspection === null) return;
    const { summary } = views;
    const isSpectrum = summary.axes.filter((a) => !a.navigate).length === 1;
    const channels = isSpectrum ? validWindow(inspection.window, featureCount(summary.axes)) : null;
    const isFirst = channels === null && inspection.image === 'sum';
    const request: Request = {
      dataset: summary.id,
      reduce: inspection.image,
      channels,
      url: isFirst ? views.image.url : null,
      isPreview: isFirst && views.image.preview,
    };
    if (keyOf(request) === wantedKey) return;
    wantedKey = keyOf(request);
    navigator.isBehind = true;
    newest.ask(request);
  });
}
