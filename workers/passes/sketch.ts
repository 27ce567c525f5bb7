import type { Block, Pass } from '../job.ts';
import { createFusedProducts } from '../linalg/fused-products.ts';
import { createNormalSketch } from '../linalg/normal-sketch.ts';
import type { NormalProduct, NormalShared } from './normal-product.ts';
import { sumSquares, sumSquaresSingle } from './sum-squares.ts';

/** Aᵀ(A·Ω) in single precision and ‖A‖² in double, with one look at A: for directions that are refined afterwards. */
export const sketchPass: Pass<NormalShared, NormalProduct> = {
  id: 'sketch',
  stateBytes: (cols, { k }) => 8 * cols * k,
  takesSingle: true,
  partial(cols, { omega, k, wantsEnergy = true }, next) {
    const first = next();
    return first?.single
      ? sketchSingle(cols, omega, k, first, next, wantsEnergy)
      : sketchDouble(cols, omega, k, first, next, wantsEnergy);
  },
  merge(a, b) {
    for (let i = 0; i < a.product.length; i++) a.product[i]! += b.product[i]!;
    a.energy += b.energy;
    return a;
  },
};

type Next = () => Block | null;

function sketchDouble(
  cols: number,
  omega: Float64Array,
  k: number,
  first: Block | null,
  next: Next,
  wantsEnergy: boolean,
): NormalProduct {
  const sketch = createNormalSketch({ rows: cols, cols: k, data: omega });
  let energy = 0;
  try {
    for (let block = first; block; block = next()) {
      sketch.add(block.data, block.rows);
      if (wantsEnergy) energy += sumSquares(block.data);
    }
    return { product: sketch.toMatrix().data, energy };
  } finally {
    sketch.free();
  }
}

/** Float32 rows as they are, each piece read once for both products. */
function sketchSingle(
  cols: number,
  omega: Float64Array,
  k: number,
  first: Block,
  next: Next,
  wantsEnergy: boolean,
): NormalProduct {
  const fused = createFusedProducts(omega, cols, k, 'single');
  let energy = 0;
  try {
    for (let block: Block | null = first; block?.single; block = next()) {
      fused.sweep(block.single, block.rows, (products) => products.slice());
      if (wantsEnergy) energy += sumSquaresSingle(block.single);
    }
    return { product: fused.toCross(), energy };
  } finally {
    fused.free();
  }
}
