import type { Job } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import type { Random } from '../../../linalg/random.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { lloyd, type LloydResult } from '../../cluster/lloyd/bounded-lloyd.ts';

/** Rows that are divided, as one array and as a view on it. */
export interface Rows {
  x: Float64Array<SharedArrayBuffer>;
  n: number;
  p: number;
  view: MatrixView;
}

/** scikit-learn's limits of the k-means that a mixture starts from. */
const kmeansLimits = { maxIter: 300, tol: 1e-4 };
/** Every row joins the nearest of the first centres, and that is all. */
const oneRound = { maxIter: 1, tol: 0 };

/**
 * Groups of rows to start from: one run of k-means from greedy k-means++ centres, or what is nearest to each of k rows that
 * are spread out (k-means++) or drawn at random. A group of one row alone, as scikit-learn takes it there, would have no
 * covariance but the one that is added.
 */
export const startFromGroups = (
  { x, n, p }: Rows,
  k: number,
  init: 'kmeans' | 'k-means++' | 'random_from_data',
  random: Random,
  job: Job,
): LloydResult => {
  const kernel = kernels();
  const limits = init === 'kmeans' ? kmeansLimits : oneRound;
  return kernel.scope((allocate) => {
    const address = allocate(8 * n * p);
    kernel.f64(address, n * p).set(x.subarray(0, n * p));
    const options = { k, init: init === 'random_from_data' ? 'random' : 'k-means++', ...limits } as const;
    return lloyd({ n, cols: p, address }, options, random, () => job.control.check());
  });
};
