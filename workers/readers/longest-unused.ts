import { freeBytes } from './free-bytes.ts';

/** Values by key that take no more than so much together. */
export interface Cache<K, T> {
  get(key: K): T | undefined;
  /** Keeps a value, in the place of the one of that key; the longest unused make room. The newest stays, however large. */
  put(key: K, value: T): void;
  clear(): void;
}

/** @param forget is told each value that is not kept any more */
export function createCache<K, T>(
  limit: number,
  sizeOf: (value: T) => number,
  forget: (value: T) => void = () => {},
): Cache<K, T> {
  const kept = new Map<K, T>();
  let total = 0;
  const drop = (key: K, value: T): void => {
    kept.delete(key);
    total -= sizeOf(value);
    forget(value);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found;
    },
    put(key, value) {
      const before = kept.get(key);
      if (before !== undefined) drop(key, before);
      kept.set(key, value);
      total += sizeOf(value);
      for (const [oldest, old] of kept) {
        if (total <= limit || kept.size === 1) break;
        drop(oldest, old);
      }
    },
    clear: () => kept.forEach((value, key) => drop(key, value)),
  };
}

/** Unpacked bytes, whose memory is given back with them. */
export const createByteCache = <T extends { bytes: Uint8Array }>(limit: number): Cache<string, T> =>
  createCache<string, T>(
    limit,
    ({ bytes }) => bytes.length,
    ({ bytes }) => freeBytes(bytes),
  );
