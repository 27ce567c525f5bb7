import type { LoadedArray } from '../../main/contract/client.ts';

/** Arrays kept by key until they are more than `maxBytes`; the least recently used leave first. */
export interface ArrayCache {
  /** From the cache, or fetched; requests of one key share one fetch. A failed fetch is not kept. */
  get(key: string, fetchOne: () => Promise<LoadedArray>): Promise<LoadedArray>;
  /** what is there already */
  peek(key: string): LoadedArray | null;
  clear(): void;
}

export function createArrayCache(maxBytes: number): ArrayCache {
  const kept = new Map<string, LoadedArray>();
  const underWay = new Map<string, Promise<LoadedArray>>();
  let bytes = 0;

  function keep(key: string, array: LoadedArray): void {
    kept.set(key, array);
    bytes += array.data.byteLength;
    for (const [oldKey, old] of kept) {
      // the newest stays even when it alone is too large: somebody is looking at it
      if (bytes <= maxBytes || oldKey === key) break;
      kept.delete(oldKey);
      bytes -= old.data.byteLength;
    }
  }

  function peek(key: string): LoadedArray | null {
    const found = kept.get(key);
    if (found === undefined) return null;
    kept.delete(key);
    kept.set(key, found);
    return found;
  }

  return {
    peek,
    get(key, fetchOne) {
      const found = peek(key);
      if (found !== null) return Promise.resolve(found);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const fetching = fetchOne()
        .then((array) => {
          keep(key, array);
          return array;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, fetching);
      return fetching;
    },
    clear() {
      kept.clear();
      bytes = 0;
    },
  };
}
