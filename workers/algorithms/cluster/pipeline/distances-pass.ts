import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { rowsOfDistances } from './distance-rows.ts';

export interface DistancesShared {
  /** k × cols */
  centroids: Float64Array;
  k: number;
  /** cluster of every row of the view, −1 = none */
  labels: Int32Array;
  /** k × samples: distance of every row of the view is written to the sample it is */
  out: Float64Array;
  samples: number;
  /** sample of every row; row r is sample r without */
  rows?: Int32Array;
}

export interface DistancesState {
  /** row nearest to each centroid, the first of equal distances, and its distance */
  nearest: Int32Array;
  least: Float64Array;
  /** Σ of squared distances to the own centroid */
  inertia: number;
}

/** Distances of all rows to all centroids by differences, and the row nearest to each. */
export const clusterDistancesPass: Pass<DistancesShared, DistancesState> = {
  id: 'cluster-distances',
  stateBytes: (_cols, { k }) => 16 * k,
  perValue: (_cols, { k }) => 4 * k,
  partial(cols, { centroids, k, labels, out, samples, rows }, next) {
    const kernel = kernels();
    const buffer = createRowBuffer(kernel, cols);
    try {
      return kernel.scope((allocate) => {
        const centresAt = allocate(k * cols * 8);
        const step = Math.min(buffer.capacity, rowsOfDistances(k));
        const outAt = allocate(k * step * 8);
        const labelsAt = allocate(buffer.capacity * 4);
        const leastAt = allocate(k * 8);
        const nearestAt = allocate(k * 4);
        const nearest = new Int32Array(k).fill(-1);
        let inertia = 0;
        kernel.f64(centresAt, k * cols).set(centroids);
        kernel.f64(leastAt, k).fill(Infinity);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            kernel.i32(labelsAt, count).set(labels.subarray(block.start + start, block.start + start + count));
            let total = 0;
            for (let from = 0; from < count; from += step) {
              const n = Math.min(step, count - from);
              const first = block.start + start + from;
              kernel.i32(nearestAt, k).fill(-1);
              total = kernel.run.centreDistances(
                n, cols, k, address + from * cols * 8, centresAt, labelsAt + from * 4, outAt, leastAt, nearestAt, total,
              ); // prettier-ignore
              kernel.i32(nearestAt, k).forEach((row, c) => {
                if (row >= 0) nearest[c] = first + row;
              });
              const distances = kernel.f64(outAt, k * n);
              for (let c = 0; c < k; c++) {
                const own = distances.subarray(c * n, (c + 1) * n);
                if (rows) own.forEach((distance, r) => (out[c * samples + rows[first + r]!] = distance));
                else out.set(own, c * samples + first);
              }
            }
            inertia += total;
          }
        }
        return { nearest, least: kernel.f64(leastAt, k).slice(), inertia };
      });
    } finally {
      buffer.free();
    }
  },
  merge(a, b) {
    a.inertia += b.inertia;
    for (let c = 0; c < a.least.length; c++) {
      if (b.least[c]! < a.least[c]!) [a.least[c], a.nearest[c]] = [b.least[c]!, b.nearest[c]!];
    }
    return a;
  },
};
