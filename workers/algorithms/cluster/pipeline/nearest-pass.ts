import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { rowsOfDistances } from './distance-rows.ts';

interface NearestShared {
  /** k × cols */
  centroids: Float64Array;
  k: number;
  /** written here, by row */
  labels: Int32Array;
}

/** The nearest centroid of every row, by differences. */
export const nearestCentroidPass: Pass<NearestShared, null> = {
  id: 'cluster-nearest',
  stateBytes: () => 8,
  partial(cols, { centroids, k, labels }, next) {
    const kernel = kernels();
    const buffer = createRowBuffer(kernel, cols, rowsOfDistances(k));
    const [centresAt, outAt] = [kernel.allocate(k * cols * 8), kernel.allocate(k * buffer.capacity * 8)];
    kernel.f64(centresAt, k * cols).set(centroids);
    try {
      for (let block = next(); block; block = next()) {
        for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
          kernel.run.squaredDistances(count, cols, k, address, centresAt, outAt);
          const squares = kernel.f64(outAt, count * k);
          for (let r = 0; r < count; r++) {
            let best = 0;
            for (let c = 1; c < k; c++) if (squares[r * k + c]! < squares[r * k + best]!) best = c;
            labels[block.start + start + r] = best;
          }
        }
      }
      return null;
    } finally {
      kernel.free(outAt);
      kernel.free(centresAt);
      buffer.free();
    }
  },
  merge: () => null,
};
