/*
 * A first look at a file that is not open, asked for a moment after the last change; the last picture stays until the
 * next is there.
 *   watchPreview(() => request | null)   { current, isStale, error }; call while a component is set up
 */
import type { LoadedArray } from '../../main/contract/client.ts';
import type { Params } from '../../main/contract/methods.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { client } from '../state/connection.ts';
import { watchNewest } from '../state/watch-newest.svelte.ts';
import type { Watched } from '../state/watch-promise.svelte.ts';

export type PreviewRequest = Params<'file.preview'>;

export interface FilePreview {
  axes: readonly Axis[];
  /** sum over the signal axes [navigation shape] */
  image: LoadedArray;
  /** mean of the pixels that could be read in a moment [signal shape] */
  spectrum: LoadedArray;
}

const delayMs = 250;

async function look(request: PreviewRequest): Promise<FilePreview> {
  const { axes, image, spectrum } = await client().call('file.preview', request);
  const [imageValues, spectrumValues] = await Promise.all([client().array(image.url), client().array(spectrum.url)]);
  return { axes, image: imageValues, spectrum: spectrumValues };
}

export const watchPreview = (request: () => PreviewRequest | null): Watched<FilePreview> =>
  watchNewest(request, look, { delayMs });
