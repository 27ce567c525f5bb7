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
import { sentenceOf } from './toasts.svelte.ts';

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

export interface WatchedArray {
  readonly current: LoadedArray | null;
  /** something else has been asked for and is not here yet */
  readonly isStale: boolean;
  readonly error: string | null;
}

function watch(key: () => string | null, fetchOne: () => Promise<LoadedArray>): WatchedArray {
  let current = $state.raw<LoadedArray | null>(null);
  let isStale = $state(false);
  let error = $state<string | null>(null);
  $effect(() => {
    const wanted = key();
    if (wanted === null) {
      current = null;
      isStale = false;
      error = null;
      return;
    }
    let isOver = false;
    isStale = true;
    fetchOne().then(
      (array) => {
        if (isOver) return;
        current = array;
        isStale = false;
        error = null;
      },
      (thrown: unknown) => {
        if (isOver) return;
        isStale = false;
        error = sentenceOf(thrown);
      },
    );
    return () => {
      isOver = true;
    };
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

export const watchArray = (url: () => string | null): WatchedArray => watch(url, () => fetchArray(url() ?? ''));

export function watchResultArray(request: () => ResultArrayRequest | null): WatchedArray {
  const key = (): string | null => {
    const r = request();
    return r === null ? null : `${r.result} ${r.name} ${r.columns?.join('-') ?? ''}`;
  };
  return watch(key, () => {
    const r = request();
    if (r === null) throw new Error('No array was asked for.');
    return fetchResultArray(r.result, r.name, r.columns);
  });
}

export { realValues } from './real-values.ts';
