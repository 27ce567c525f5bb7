import type { Job } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import type { Random } from '../../../linalg/random.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { lloyd, type LloydResult, type Points } from '../../cluster/lloyd/bounded-lloyd.ts';
import { plusPlus } from '../../cluster/lloyd/seeding.ts';

/** Rows that are divided, as one array and as a view on it. */
export interface Rows {
  x: Float64Array<SharedArrayBuffer>;
  n: number;
  p: number;
  view: MatrixView;
}

/** scikit-learn's limits of the k-means that a mixture starts from. */
const limits = { maxIter: 300, tol: 1e-4 };

/** One run of k-means from greedy k-means++ centres. */
export const startFromKMeans = (rows: Rows, k: number, random: Random, job: Job): LloydResult =>
  withPoints(rows, (points) => lloyd(points, { k, init: 'k-means++', ...limits }, random, () => job.control.check()));

/** k rows far from each other (greedy k-means++). */
export const spreadOutRows = (rows: Rows, k: number, random: Random, job: Job): Int32Array =>
  withPoints(rows, (points) => plusPlus(points, k, random, () => job.control.check()));

function withPoints<T>({ x, n, p }: Rows, use: (points: Points) => T): T {
  const kernel = kernels();
  return kernel.scope((allocate) => {
    const address = allocate(8 * n * p);
    kernel.f64(address, n * p).set(x.subarray(0, n * p));
    return use({ n, cols: p, address });
  });
}
