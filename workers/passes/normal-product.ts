import type { Pass } from '../job.ts';
import { createCrossAccumulator, createRightMultiplier } from '../linalg/product.ts';
import { sumSquares } from './sum-squares.ts';

export interface NormalShared {
  /** Ω [cols × k], row-major */
  omega: Float64Array;
  k: number;
  /** false where ‖A‖² is known already: `energy` is then 0 */
  wantsEnergy?: boolean;
}

export interface NormalProduct {
  /** Aᵀ(A·Ω) [cols × k], row-major */
  product: Float64Array;
  /** Σ a² */
  energy: number;
}

/** Aᵀ(A·Ω) and ‖A‖² with one look at A. */
export const normalProductPass: Pass<NormalShared, NormalProduct> = {
  id: 'normal-product',
  stateBytes: (cols, { k }) => 8 * cols * k,
  partial(cols, { omega, k, wantsEnergy = true }, next) {
    const multiplier = createRightMultiplier({ rows: cols, cols: k, data: omega });
    const cross = createCrossAccumulator(cols, k);
    let energy = 0;
    let left = new Float64Array(0);
    try {
      for (let block = next(); block; block = next()) {
        if (left.length !== block.rows * k) left = new Float64Array(block.rows * k);
        multiplier.multiply(block.data, block.rows, left, 0);
        cross.add(block.data, left, block.rows);
        if (wantsEnergy) energy += sumSquares(block.data);
      }
      return { product: cross.toMatrix().data, energy };
    } finally {
      cross.free();
      multiplier.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.product.length; i++) a.product[i]! += b.product[i]!;
    a.energy += b.energy;
    return a;
  },
};
