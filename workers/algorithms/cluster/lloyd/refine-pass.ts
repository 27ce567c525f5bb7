import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRightMultiplier } from '../../../linalg/product.ts';
import { addRow } from '../pipeline/label-sums-pass.ts';

export interface RefineShared {
  /** mean of all rows: what is measured from there keeps its digits far from the origin */
  mean: Float64Array;
  /** centres − mean of all runs as columns [cols × (runs · k)], row-major */
  centres: Float64Array;
  /** ½‖c − mean‖² + mean·(c − mean) of each */
  halves: Float64Array;
  runs: number;
  k: number;
  /** cluster of every row, one run after the other (runs × rows); changed here, each thread its own rows */
  labels: Int32Array;
  rows: number;
}

export interface RefineState {
  /** what changes of cluster add to the sums of the rows [runs · k × cols] and to the counts */
  sums: Float64Array;
  counts: Float64Array;
  /** rows that changed their cluster, per run */
  changed: Float64Array;
  /** Σ‖x − c‖² of the own centres, per run */
  inertia: Float64Array;
  /** per run, the row farthest from its centre by ½‖x − c‖² */
  far: { row: number; value: number }[];
}

/**
 * Assigns every row to the nearest centre, for all runs with one look at the data: ‖x‖² − 2x·c + ‖c‖² takes one product
 * for all centres. Rows that keep their cluster cost nothing more.
 */
export const kmeansRefinePass: Pass<RefineShared, RefineState> = {
  id: 'kmeans-refine',
  stateBytes: (cols, { runs, k }) => 8 * runs * k * (cols + 1),
  partial(cols, { mean, centres, halves, runs, k, labels, rows }, next) {
    const all = runs * k;
    const state: RefineState = {
      sums: new Float64Array(all * cols),
      counts: new Float64Array(all),
      changed: new Float64Array(runs),
      inertia: new Float64Array(runs),
      far: Array.from({ length: runs }, () => ({ row: -1, value: -Infinity })),
    };
    const kernel = kernels();
    const multiplier = createRightMultiplier({ rows: cols, cols: all, data: centres });
    try {
      for (let block = next(); block; block = next()) {
        const { data, start: first } = block;
        multiplier.each(data, block.rows, (address, start, count) => {
          const products = kernel.f64(address, count * all);
          for (let r = 0; r < count; r++) {
            const row = first + start + r;
            const square = squareFrom(mean, data, (start + r) * cols) / 2;
            for (let m = 0; m < runs; m++) {
              let best = Infinity;
              let label = 0;
              for (let c = 0; c < k; c++) {
                const value = halves[m * k + c]! - products[r * all + m * k + c]!;
                if (value < best) [best, label] = [value, c];
              }
              state.inertia[m]! += 2 * (square + best);
              const far = state.far[m]!;
              if (square + best > far.value) [far.value, far.row] = [square + best, row];
              const old = labels[m * rows + row]!;
              if (label === old) continue;
              labels[m * rows + row] = label;
              state.changed[m]!++;
              state.counts[m * k + label]!++;
              addRow(data, (start + r) * cols, 1, state.sums, (m * k + label) * cols, cols);
              if (old < 0) continue;
              state.counts[m * k + old]!--;
              addRow(data, (start + r) * cols, -1, state.sums, (m * k + old) * cols, cols);
            }
          }
        });
      }
      return state;
    } finally {
      multiplier.free();
    }
  },
  merge(a, b) {
    for (const name of ['sums', 'counts', 'changed', 'inertia'] as const) {
      for (let i = 0; i < a[name].length; i++) a[name][i]! += b[name][i]!;
    }
    a.far.forEach((far, m) => {
      if (b.far[m]!.value > far.value) a.far[m] = b.far[m]!;
    });
    return a;
  },
};

function squareFrom(mean: Float64Array, data: Float64Array, from: number): number {
  let sum = 0;
  for (let j = 0; j < mean.length; j++) sum += (data[from + j]! - mean[j]!) ** 2;
  return sum;
}
