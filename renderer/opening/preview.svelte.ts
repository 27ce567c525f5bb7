/*
 * A first look at a file that is not open, asked for a moment after the last change; of what is asked meanwhile only the
 * newest counts, and the last picture stays until the next is there.
 *   watchPreview(() => request | null)   { current, isStale, error }; call while a component is set up
 */
import type { LoadedArray } from '../../main/contract/client.ts';
import type { Params } from '../../main/contract/methods.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { createNewest } from '../client/newest.ts';
import { client } from '../state/connection.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';

export type PreviewRequest = Params<'file.preview'>;

export interface FilePreview {
  axes: readonly Axis[];
  /** sum over the signal axes [navigation shape] */
  image: LoadedArray;
  /** mean of the pixels that could be read in a moment [signal shape] */
  spectrum: LoadedArray;
}

export interface WatchedPreview {
  readonly current: FilePreview | null;
  readonly isStale: boolean;
  readonly error: string | null;
}

const delayMs = 250;

async function look(request: PreviewRequest): Promise<FilePreview> {
  const { axes, image, spectrum } = await client().call('file.preview', request);
  const [imageValues, spectrumValues] = await Promise.all([client().array(image.url), client().array(spectrum.url)]);
  return { axes, image: imageValues, spectrum: spectrumValues };
}

export function watchPreview(request: () => PreviewRequest | null): WatchedPreview {
  let current = $state.raw<FilePreview | null>(null);
  let isStale = $state(false);
  let error = $state<string | null>(null);
  let newestKey = '';
  const asking = createNewest<{ key: string; request: PreviewRequest }, FilePreview>(
    (asked) => look(asked.request),
    (preview, { key }) => {
      current = preview;
      error = null;
      if (key === newestKey) isStale = false;
    },
    (thrown, { key }) => {
      if (key !== newestKey) return;
      error = sentenceOf(thrown);
      isStale = false;
    },
  );
  const key = $derived(JSON.stringify(request()));
  $effect(() => {
    newestKey = key;
    const wanted = JSON.parse(key) as PreviewRequest | null;
    if (wanted === null) {
      asking.cancel();
      current = null;
      error = null;
      isStale = false;
      return;
    }
    isStale = true;
    const timer = setTimeout(() => asking.ask({ key, request: wanted }), delayMs);
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
