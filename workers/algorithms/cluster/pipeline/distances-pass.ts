import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';

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
  /** row nearest to each centroid, the first on ties, and its squared distance */
  nearest: Int32Array;
  least: Float64Array;
  /** Σ of squared distances to the own centroid */
  inertia: number;
}

/** Distances of all rows to all centroids by differences, and the row nearest to each. */
export const clusterDistancesPass: Pass<DistancesShared, DistancesState> = {
  id: 'cluster-distances',
  stateBytes: (_cols, { k }) => 16 * k,
  partial(cols, { centroids, k, labels, out, samples, rows }, next) {
    const state = { nearest: new Int32Array(k).fill(-1), least: new Float64Array(k).fill(Infinity), inertia: 0 };
    const kernel = kernels();
    const buffer = createRowBuffer(kernel, cols);
    const centresAt = kernel.allocate(Math.max(1, k * cols) * 8);
    const outAt = kernel.allocate(Math.max(1, k * buffer.capacity) * 8);
    kernel.f64(centresAt, k * cols).set(centroids);
    try {
      for (let block = next(); block; block = next()) {
        for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
          kernel.run.squaredDistances(count, cols, k, address, centresAt, outAt);
          const squares = kernel.f64(outAt, count * k);
          for (let r = 0; r < count; r++) {
            const row = block.start + start + r;
            const sample = rows ? rows[row]! : row;
            const own = labels[row]!;
            if (own >= 0) state.inertia += squares[r * k + own]!;
            for (let c = 0; c < k; c++) {
              const square = squares[r * k + c]!;
              out[c * samples + sample] = Math.sqrt(square);
              if (square < state.least[c]!) [state.least[c], state.nearest[c]] = [square, row];
            }
          }
        }
      }
      return state;
    } finally {
      kernel.free(outAt);
      kernel.free(centresAt);
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
