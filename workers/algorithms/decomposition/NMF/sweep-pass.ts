import type { Pass } from '../../../job.ts';
import { createFusedProducts } from '../../../linalg/fused-products.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { descendRows, type Descent } from './coordinate-descent.ts';
import { multiplyRows } from './multiplicative.ts';
import { columnDots } from './squared-error.ts';

export interface SweepShared extends Descent {
  /** W [rows of A × k] in shared memory, row-major; every part changes its own rows */
  w: Float64Array;
  /** H [cols of A × k], row-major */
  h: Float64Array;
  rule: 'descent' | 'multiplicative';
  /** the view is single, and its products are to be taken in single precision */
  single: boolean;
  /** a factor for every row and column of the view, for A that is the view times both */
  factors: { row: Float64Array; column: Float64Array } | null;
}

export interface Sweep {
  /** Σ |projected gradient| of W (0 for multiplicative steps) */
  violation: number;
  /** Σ_i W_ij (A H)_ij for each component j, with the old W, for multiplicative steps */
  before: Float64Array;
  /** AᵀW with the new W [cols × k] */
  cross: Float64Array;
  /** WᵀW with the new W [k × k] */
  gram: Float64Array;
}

/**
 * Updates all rows of W with H fixed and adds up what the update of H needs, with one look at A. In W every row is
 * independent of the others, so updating block after block gives what updating all of W first would give.
 */
export const nmfSweepPass: Pass<SweepShared, Sweep> = {
  id: 'nmf-sweep',
  takesSingle: true,
  // Sweeps are short and many: a state counts as large so that there are fewer parts, and fewer messages.
  stateBytes: (cols, { k }) => 8 * (cols + k) * k + 2 ** 20,
  partial(cols, shared, next) {
    const { k, w, rule, factors } = shared;
    const h = factors ? multiplyLines(shared.h, k, factors.column, 0) : shared.h;
    const fused = createFusedProducts(h, cols, k, shared.single ? 'single' : 'double');
    const before = new Float64Array(k);
    let [start, end, violation] = [-1, 0, 0];
    try {
      for (let block = next(); block; block = next()) {
        if (start < 0) start = block.start;
        end = block.start + block.rows;
        const from = block.start;
        fused.sweep(block.single ?? block.data, block.rows, (found, first, count) => {
          const row = from + first;
          const products = factors ? multiplyLines(found, k, factors.row, row) : found;
          const updated = w.subarray(row * k, (row + count) * k);
          if (rule === 'descent') violation += descendRows(shared, updated, 0, products, count);
          else {
            addTo(before, columnDots(updated, products, k));
            multiplyRows(shared, updated, 0, products, count);
          }
          return factors ? multiplyLines(updated, k, factors.row, row) : updated;
        });
      }
      const cross = fused.toCross();
      const rows = start < 0 ? new Float64Array(0) : w.subarray(start * k, end * k);
      return {
        violation,
        before,
        cross: factors ? multiplyLines(cross, k, factors.column, 0) : cross,
        gram: gramOf(rows, k),
      };
    } finally {
      fused.free();
    }
  },
  merge(a, b) {
    a.violation += b.violation;
    addTo(a.before, b.before);
    addTo(a.cross, b.cross);
    addTo(a.gram, b.gram);
    return a;
  },
};

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

/** Rows of k values, each times its factor, in a new array. */
function multiplyLines(rows: Float64Array, k: number, factors: Float64Array, from: number): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length / k; i++) {
    const factor = factors[from + i]!;
    for (let t = i * k; t < (i + 1) * k; t++) out[t] = rows[t]! * factor;
  }
  return out;
}
