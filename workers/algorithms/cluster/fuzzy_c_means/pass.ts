import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { rowsOfDistances } from '../pipeline/distance-rows.ts';
import { addRow } from '../pipeline/label-sums-pass.ts';

export interface FuzzyShared {
  /** k × cols */
  centres: Float64Array;
  k: number;
  /** m > 1 */
  fuzziness: number;
  /** rows × k, written by each thread for its own rows */
  membership: Float64Array;
}

export interface FuzzyState {
  /** Σ u^m x [k × cols] and Σ u^m */
  sums: Float64Array;
  weights: Float64Array;
  /** Σ u^m ‖x − c‖² */
  objective: number;
  /** largest change of a membership */
  change: number;
}

/** Memberships of all rows in the given centres, and what the next centres are made of. */
export const fuzzyPass: Pass<FuzzyShared, FuzzyState> = {
  id: 'fuzzy-c-means',
  stateBytes: (cols, { k }) => 8 * k * (cols + 1),
  partial(cols, { centres, k, fuzziness, membership }, next) {
    const state = { sums: new Float64Array(k * cols), weights: new Float64Array(k), objective: 0, change: 0 };
    const kernel = kernels();
    const buffer = createRowBuffer(kernel, cols, rowsOfDistances(k));
    const [centresAt, outAt] = [kernel.allocate(k * cols * 8), kernel.allocate(k * buffer.capacity * 8)];
    kernel.f64(centresAt, k * cols).set(centres);
    const u = new Float64Array(k);
    try {
      for (let block = next(); block; block = next()) {
        for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
          kernel.run.squaredDistances(count, cols, k, address, centresAt, outAt);
          const squares = kernel.f64(outAt, count * k);
          for (let r = 0; r < count; r++) {
            memberships(squares, r * k, k, fuzziness, u);
            const at = (block.start + start + r) * k;
            for (let c = 0; c < k; c++) {
              state.change = Math.max(state.change, Math.abs(u[c]! - membership[at + c]!));
              membership[at + c] = u[c]!;
              const weight = u[c]! ** fuzziness;
              state.weights[c]! += weight;
              state.objective += weight * squares[r * k + c]!;
              addRow(block.data, (start + r) * cols, weight, state.sums, c * cols, cols);
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
    for (let i = 0; i < a.sums.length; i++) a.sums[i]! += b.sums[i]!;
    for (let c = 0; c < a.weights.length; c++) a.weights[c]! += b.weights[c]!;
    a.objective += b.objective;
    a.change = Math.max(a.change, b.change);
    return a;
  },
};

/** u_c ∝ ‖x − c‖^(−2/(m−1)); a row on a centre belongs to it alone, to several such centres in equal shares. */
function memberships(squares: Float64Array, from: number, k: number, fuzziness: number, u: Float64Array): void {
  let least = Infinity;
  for (let c = 0; c < k; c++) least = Math.min(least, squares[from + c]!);
  let sum = 0;
  for (let c = 0; c < k; c++) {
    const square = squares[from + c]!;
    // relative to the nearest, so that powers neither overflow nor vanish
    u[c] = least === 0 ? (square === 0 ? 1 : 0) : (least / square) ** (1 / (fuzziness - 1));
    sum += u[c]!;
  }
  for (let c = 0; c < k; c++) u[c]! /= sum;
}
