import type { Job } from '../job.ts';

/** A copy in shared memory, so that a pass over many parts does not clone it for each. */
export function shareFloats(job: Pick<Job, 'allocate'>, values: ArrayLike<number>): Float64Array<SharedArrayBuffer> {
  const shared = job.allocate(values.length);
  shared.set(values);
  return shared;
}

/** Indices in shared memory. */
export function shareIndices(indices: ArrayLike<number>): Int32Array<SharedArrayBuffer> {
  const shared = new Int32Array(new SharedArrayBuffer(indices.length * Int32Array.BYTES_PER_ELEMENT));
  shared.set(indices);
  return shared;
}
