import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';

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
  perValue: (_cols, { clusterings }) => 4 * clusterings,
  partial(cols, { labels, rows, k, clusterings }, next) {
    const kernel = kernels();
    const buffer = createRowBuffer(kernel, cols);
    try {
      return kernel.scope((allocate) => {
        const labelsAt = allocate(buffer.capacity * 4);
        const sumsAt = allocate(clusterings * k * cols * 8);
        const countsAt = allocate(clusterings * k * 8);
        kernel.f64(sumsAt, clusterings * k * cols).fill(0);
        kernel.f64(countsAt, clusterings * k).fill(0);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            for (let m = 0; m < clusterings; m++) {
              const first = m * rows + block.start + start;
              kernel.i32(labelsAt, count).set(labels.subarray(first, first + count));
              const [sums, counts] = [sumsAt + m * k * cols * 8, countsAt + m * k * 8];
              kernel.run.labelSums(count, cols, address, labelsAt, sums, counts);
            }
          }
        }
        return {
          sums: kernel.f64(sumsAt, clusterings * k * cols).slice(),
          counts: kernel.f64(countsAt, clusterings * k).slice(),
        };
      });
    } finally {
      buffer.free();
    }
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
