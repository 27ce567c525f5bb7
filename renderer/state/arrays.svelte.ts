/*
 * Arrays of the services, fetched once and kept (256 MB, least recently used leave first).
 *   fetchArray(url)                          Promise; url of an ArrayRef
 *   fetchResultArray(result, name, columns)  Promise; columns = [first, end) of the second axis, or null
 *   watchArray(() => url | null)             for components: { current, isStale, error }, previous data stay meanwhile
 *   watchResultArray(() => request | null)   the same for an array of a result
 *   realValues(array)                        one real number per element: modulus of complex, luminance of colour
 * watch… must be called while a component is being set up.
 */
import type { LoadedArray } from '../../main/contract/client.ts';
import type { ResultId } from '../../main/contract/methods.ts';
import { createArrayCache } from './array-cache.ts';
import { client } from './connection.ts';
import { watchPromise, type Watched } from './watch-promise.svelte.ts';

const cache = createArrayCache(256 * 2 ** 20);

export const fetchArray = (url: string): Promise<LoadedArray> => cache.get(url, () => client().array(url));

export interface ResultArrayRequest {
  result: ResultId;
  name: string;
  columns: readonly [number, number] | null;
}

export function fetchResultArray(
  result: ResultId,
  name: string,
  columns: readonly [number, number] | null = null,
): Promise<LoadedArray> {
  // results are immutable: their arrays can be kept by name
  return cache.get(`result ${result} ${name} ${columns?.join('-') ?? 'all'}`, async () => {
    const ref = await client().call('result.array', { result, name, columns });
    return client().array(ref.url);
  });
}

export const watchArray = (url: () => string | null): Watched<LoadedArray> =>
  watchPromise(() => {
    const wanted = url();
    return wanted === null ? null : fetchArray(wanted);
  });

export const watchResultArray = (request: () => ResultArrayRequest | null): Watched<LoadedArray> =>
  watchPromise(() => {
    const wanted = request();
    return wanted === null ? null : fetchResultArray(wanted.result, wanted.name, wanted.columns);
  });

export { realValues } from './real-values.ts';
