import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import { nearestCentroidPass } from './nearest-pass.ts';

/** Number of the nearest of k centroids for every row, the first on ties. @param centroids k × cols, or more rows */
export async function nearestCentroids(
  view: MatrixView,
  centroids: Float64Array,
  k: number,
  job: Job,
  phase: number,
): Promise<Int32Array> {
  const { rows, cols } = viewShape(view);
  const labels = shareIndices(new Int32Array(rows));
  const shared = { centroids: shareFloats(job, centroids.subarray(0, k * cols)), k, labels };
  await job.run(nearestCentroidPass, view, shared, phase);
  return labels;
}
