import { randomUUID } from 'node:crypto';
import type { DType } from '../../workers/model/dtype.ts';
import { createCache } from '../../workers/readers/longest-unused.ts';
import type { ServedArray } from '../app-types.ts';
import type { ArrayRef } from '../contract/methods.ts';

export interface ArrayServer {
  /** Keeps the array for a page to fetch and names it. */
  offer(dtype: DType, shape: readonly number[], data: ArrayBufferView): ArrayRef;
  get(id: string): ServedArray | null;
}

const keepBytes = 512 * 2 ** 20;

/** Arrays that pages were told of, the least recently used forgotten first. */
export function createArrayServer(): ArrayServer {
  const arrays = createCache<string, ServedArray>(keepBytes, ({ bytes }) => bytes.byteLength);
  return {
    offer(dtype, shape, data) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const id = randomUUID();
      arrays.put(id, { dtype, shape, bytes });
      return { url: `view/${id}`, dtype, shape };
    },
    get: (id) => arrays.get(id) ?? null,
  };
}
