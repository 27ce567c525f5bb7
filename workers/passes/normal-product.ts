import type { Pass } from '../job.ts';
import { createCrossAccumulator, createRightMultiplier } from '../linalg/product.ts';

export interface NormalShared {
  /** Ω [cols × k], row-major */
  omega: Float64Array;
  k: number;
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
  partial(cols, { omega, k }, next) {
    const multiplier = createRightMultiplier({ rows: cols, cols: k, data: omega });
    const cross = createCrossAccumulator(cols, k);
    let energy = 0;
    let left = new Float64Array(0);
    try {
      for (let block = next(); block; block = next()) {
        if (left.length !== block.rows * k) left = new Float64Array(block.rows * k);
        multiplier.multiply(block.data, block.rows, left, 0);
        cross.add(block.data, left, block.rows);
        energy += sumSquares(block.data);
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

function sumSquares(values: Float64Array): number {
  // four sums: the additions need not wait for each other
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}
