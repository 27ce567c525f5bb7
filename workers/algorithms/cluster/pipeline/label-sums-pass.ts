import type { Pass } from '../../../job.ts';

export interface LabelSumsShared {
  /** cluster of every row, one clustering after the other (clusterings × rows); −1 = none */
  labels: Int32Array;
  /** rows of the view */
  rows: number;
  /** clusters of each clustering */
  k: number;
  clusterings: number;
}

export interface LabelSums {
  /** clusterings × k × cols */
  sums: Float64Array;
  /** clusterings × k */
  counts: Float64Array;
}

/** Sums of the rows of every cluster, for several clusterings with one look at the data. */
export const labelSumsPass: Pass<LabelSumsShared, LabelSums> = {
  id: 'cluster-label-sums',
  stateBytes: (cols, { k, clusterings }) => 8 * k * clusterings * (cols + 1),
  partial(cols, { labels, rows, k, clusterings }, next) {
    const sums = new Float64Array(clusterings * k * cols);
    const counts = new Float64Array(clusterings * k);
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        for (let m = 0; m < clusterings; m++) {
          const label = labels[m * rows + block.start + r]!;
          if (label < 0) continue;
          counts[m * k + label]!++;
          addRow(block.data, r * cols, 1, sums, (m * k + label) * cols, cols);
        }
      }
    }
    return { sums, counts };
  },
  merge(a, b) {
    for (let i = 0; i < a.sums.length; i++) a.sums[i]! += b.sums[i]!;
    for (let i = 0; i < a.counts.length; i++) a.counts[i]! += b.counts[i]!;
    return a;
  },
};

/** sums[to…] += factor · data[from…], `count` values. */
export function addRow(
  data: Float64Array,
  from: number,
  factor: number,
  sums: Float64Array,
  to: number,
  count: number,
): void {
  for (let j = 0; j < count; j++) sums[to + j]! += factor * data[from + j]!;
}
