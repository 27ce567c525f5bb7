/*
 * The spectrum (or image) under the cursor of the current dataset, always live: one request in flight, newest wins.
 *   live.current   { dataset, values, label, at | box } or null before the first answer
 *   live.error     why there is none, or null
 *   live.isBehind  the cursor has moved on and the answer is not here yet
 *   followCursor() called once at start
 */
import { liveBoxUrl, liveSpectrumUrl, type DatasetId } from '../../main/contract/methods.ts';
import { formatNumber } from '../../workers/figure/format-number.ts';
import { navigationAxes } from '../../workers/model/signal.ts';
import { createNewest } from '../client/newest.ts';
import { realValues } from './arrays.svelte.ts';
import { client } from './connection.ts';
import { boxCount, placedCursor, validBox } from './cursor-steps.ts';
import { project } from './project.svelte.ts';
import { sentenceOf } from './toasts.svelte.ts';

interface Request {
  dataset: DatasetId;
  url: string;
  label: string;
}

export interface LiveSpectrum {
  dataset: DatasetId;
  /** one per channel (C order of the signal axes) */
  values: ArrayLike<number>;
  /** "cursor", "mean of 25 px", "sum of 25 px" */
  label: string;
  url: string;
}

class Live {
  current = $state.raw<LiveSpectrum | null>(null);
  error = $state<string | null>(null);
  isBehind = $state(false);
}

export const live = new Live();

const newest = createNewest<Request, ArrayLike<number>>(
  async (request) => realValues(await client().array(request.url)),
  (values, request) => {
    live.current = { ...request, values };
    live.error = null;
    live.isBehind = request.url !== wantedUrl;
  },
  (error) => {
    live.error = sentenceOf(error);
    live.isBehind = false;
  },
);

let wantedUrl = '';

/** What to ask for at this cursor; null for a dataset without navigation axes. */
function wanted(): Request | null {
  const { dataset, inspection } = project;
  if (dataset === null || inspection === null || dataset.missing !== null) return null;
  const shape = navigationAxes(dataset.axes).map((a) => a.size);
  if (shape.length === 0) return null;
  const box = inspection.mode === 'box' ? validBox(inspection.box, shape) : null;
  if (box !== null) {
    const label = `${inspection.reduce} of ${formatNumber(boxCount(box), 0)} px`;
    return { dataset: dataset.id, url: liveBoxUrl(dataset.id, box, inspection.reduce), label };
  }
  return { dataset: dataset.id, url: liveSpectrumUrl(dataset.id, placedCursor(inspection.at, shape)), label: 'cursor' };
}

export function followCursor(): void {
  let dataset: DatasetId | null = null;
  $effect(() => {
    const request = wanted();
    if (request?.dataset !== dataset) {
      newest.cancel();
      live.current = null;
      live.error = null;
      dataset = request?.dataset ?? null;
    }
    if (request === null) return;
    wantedUrl = request.url;
    live.isBehind = true;
    newest.ask(request);
  });
}
