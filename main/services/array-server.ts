import { randomUUID } from 'node:crypto';
import type { DType } from '../../workers/model/dtype.ts';
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
  const arrays = new Map<string, ServedArray>();
  let held = 0;
  return {
    offer(dtype, shape, data) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const id = randomUUID();
      arrays.set(id, { dtype, shape, bytes });
      held += bytes.byteLength;
      for (const [old, array] of arrays) {
        if (held <= keepBytes || old === id) break;
        arrays.delete(old);
        held -= array.bytes.byteLength;
      }
      return { url: `view/${id}`, dtype, shape };
    },
    get(id) {
      const array = arrays.get(id);
      if (array === undefined) return null;
      arrays.delete(id);
      arrays.set(id, array);
      return array;
    },
  };
}
