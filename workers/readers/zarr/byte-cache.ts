import { freeBytes } from '../free-bytes.ts';

/** Decoded bytes by key, the least recently used given up first; the last one stays, however large. */
export interface ByteCache<T extends { bytes: Uint8Array }> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  clear(): void;
}

export function createByteCache<T extends { bytes: Uint8Array }>(limit: number): ByteCache<T> {
  const kept = new Map<string, T>();
  let held = 0;
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found;
    },
    put(key, value) {
      kept.set(key, value);
      held += value.bytes.length;
      for (const [old, one] of kept) {
        if (held <= limit || old === key) break;
        kept.delete(old);
        held -= one.bytes.length;
        freeBytes(one.bytes);
      }
    },
    clear() {
      kept.forEach(({ bytes }) => freeBytes(bytes));
      kept.clear();
      held = 0;
    },
  };
}
