import type { Pass } from '../job.ts';
import { createNormalSketch } from '../linalg/normal-sketch.ts';
import type { NormalProduct, NormalShared } from './normal-product.ts';
import { sumSquares } from './sum-squares.ts';

/** Aᵀ(A·Ω) in single precision and ‖A‖² in double, with one look at A: for directions that are refined afterwards. */
export const sketchPass: Pass<NormalShared, NormalProduct> = {
  id: 'sketch',
  stateBytes: (cols, { k }) => 8 * cols * k,
  partial(cols, { omega, k }, next) {
    const sketch = createNormalSketch({ rows: cols, cols: k, data: omega });
    let energy = 0;
    try {
      for (let block = next(); block; block = next()) {
        sketch.add(block.data, block.rows);
        energy += sumSquares(block.data);
      }
      return { product: sketch.toMatrix().data, energy };
    } finally {
      sketch.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.product.length; i++) a.product[i]! += b.product[i]!;
    a.energy += b.energy;
    return a;
  },
};
