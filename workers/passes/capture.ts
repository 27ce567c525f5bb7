import type { Pass } from '../job.ts';
import { createRightMultiplier } from '../linalg/product.ts';
import { sumSquares } from './sum-squares.ts';

export interface CaptureShared {
  /** F [cols × k] row-major */
  factors: Float64Array;
  /** L [rows × k] row-major, of the view's rows in order */
  loadings: Float64Array;
  k: number;
}

export interface Capture {
  /** Σ_i L_ij (A F)_ij for each component j */
  cross: Float64Array;
  /** ‖A‖² */
  energy: number;
}

/** What is needed beside LᵀL and FᵀF to tell how much of A the first components describe. */
export const capturePass: Pass<CaptureShared, Capture> = {
  id: 'capture',
  stateBytes: (_cols, { k }) => 8 * k + 8,
  partial(cols, { factors, loadings, k }, next) {
    const multiplier = createRightMultiplier({ rows: cols, cols: k, data: factors });
    const state: Capture = { cross: new Float64Array(k), energy: 0 };
    let product = new Float64Array(0);
    try {
      for (let block = next(); block; block = next()) {
        if (product.length < block.rows * k) product = new Float64Array(block.rows * k);
        multiplier.multiply(block.data, block.rows, product, 0);
        state.energy += sumSquares(block.data);
        const from = block.start * k;
        for (let at = 0, j = 0; at < block.rows * k; at++) {
          state.cross[j]! += loadings[from + at]! * product[at]!;
          if (++j === k) j = 0;
        }
      }
    } finally {
      multiplier.free();
    }
    return state;
  },
  merge(a, b) {
    for (let j = 0; j < a.cross.length; j++) a.cross[j]! += b.cross[j]!;
    a.energy += b.energy;
    return a;
  },
};
