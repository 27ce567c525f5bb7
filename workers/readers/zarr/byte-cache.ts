/** Decoded bytes by key, the least recently used given up first; the last one stays, however large. */
export interface ByteCache<T extends { bytes: Uint8Array }> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  clear(): void;
}

/** Gives memory back at once: the collector may not come by for long. */
function release({ bytes }: { bytes: Uint8Array }): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
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
        release(one);
      }
    },
    clear() {
      kept.forEach(release);
      kept.clear();
      held = 0;
    },
  };
}
