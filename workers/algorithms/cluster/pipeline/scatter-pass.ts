import type { Job, Pass } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import { labelSumsPass } from './label-sums-pass.ts';

interface ScatterShared {
  /** clusterings × rows */
  labels: Int32Array;
  rows: number;
  /** clusterings × k × cols */
  centroids: Float64Array;
  k: number;
  clusterings: number;
}

interface ScatterState {
  /** Σ of squared distances, and of distances, to the own centroid [clusterings × k] */
  squares: Float64Array;
  distances: Float64Array;
}

/** How far rows are from the centroids of their clusters, for several clusterings with one look at the data. */
export const clusterScatterPass: Pass<ScatterShared, ScatterState> = {
  id: 'cluster-scatter',
  stateBytes: (_cols, { k, clusterings }) => 16 * k * clusterings,
  partial(cols, { labels, rows, centroids, k, clusterings }, next) {
    const state = { squares: new Float64Array(clusterings * k), distances: new Float64Array(clusterings * k) };
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        for (let m = 0; m < clusterings; m++) {
          const label = labels[m * rows + block.start + r]!;
          if (label < 0) continue;
          const own = m * k + label;
          let square = 0;
          for (let j = 0; j < cols; j++) square += (block.data[r * cols + j]! - centroids[own * cols + j]!) ** 2;
          state.squares[own]! += square;
          state.distances[own]! += Math.sqrt(square);
        }
      }
    }
    return state;
  },
  merge(a, b) {
    for (let i = 0; i < a.squares.length; i++) {
      a.squares[i]! += b.squares[i]!;
      a.distances[i]! += b.distances[i]!;
    }
    return a;
  },
};

/** Centroids and scatter of one clustering, by cluster. */
export interface Scatter {
  counts: Float64Array;
  /** k × cols */
  centroids: Float64Array;
  squares: Float64Array;
  distances: Float64Array;
}

/** Centroids of several clusterings of the rows of B and the scatter about them. */
export async function scatterOf(
  view: MatrixView,
  clusterings: readonly Int32Array[],
  k: number,
  job: Job,
  phase: number,
): Promise<Scatter[]> {
  const { rows, cols } = viewShape(view);
  const labels = shareIndices(new Int32Array(clusterings.length * rows));
  clusterings.forEach((own, m) => labels.set(own, m * rows));
  const shared = { labels, rows, k, clusterings: clusterings.length };
  const { sums, counts } = await job.run(labelSumsPass, view, shared, phase);
  const centroids = shareFloats(
    job,
    sums.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / cols)]!)),
  );
  const { squares, distances } = await job.run(clusterScatterPass, view, { ...shared, centroids }, phase);
  return clusterings.map((_, m) => ({
    counts: counts.slice(m * k, (m + 1) * k),
    centroids: centroids.slice(m * k * cols, (m + 1) * k * cols),
    squares: squares.slice(m * k, (m + 1) * k),
    distances: distances.slice(m * k, (m + 1) * k),
  }));
}
