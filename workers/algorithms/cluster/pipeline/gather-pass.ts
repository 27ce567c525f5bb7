import type { Pass } from '../../../job.ts';

/** Writes A row by row to shared memory. */
export const clusterGatherPass: Pass<{ out: Float64Array }, null> = {
  id: 'cluster-gather',
  stateBytes: () => 8,
  perValue: () => 1,
  partial(cols, { out }, next) {
    for (let block = next(); block; block = next()) out.set(block.data, block.start * cols);
    return null;
  },
  merge: () => null,
};
