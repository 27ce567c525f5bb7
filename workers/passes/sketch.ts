import type { Block, Pass } from '../job.ts';
import { createFusedProducts } from '../linalg/fused-products.ts';
import { createNormalSketch } from '../linalg/normal-sketch.ts';
import type { NormalProduct, NormalShared } from './normal-product.ts';
import { sumSquares, sumSquaresSingle, sumSquaresWeighted } from './sum-squares.ts';

export interface SketchShared extends NormalShared {
  /** A = diag(rowFactor) X diag(columnFactor) of a view X of float32 rows as they are stored: see storedRows */
  rowFactor?: Float64Array;
  columnFactor?: Float64Array;
}

/** Aᵀ(A·Ω) in single precision and ‖A‖² in double, with one look at A: for directions that are refined afterwards. */
export const sketchPass: Pass<SketchShared, NormalProduct> = {
  id: 'sketch',
  stateBytes: (cols, { k }) => 8 * cols * k,
  takesSingle: true,
  partial(cols, shared, next) {
    const first = next();
    return first?.single ? sketchSingle(cols, shared, first, next) : sketchDouble(cols, shared, first, next);
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
  { omega, k, wantsEnergy = true }: SketchShared,
  first: Block | null,
  next: Next,
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

/** Float32 rows as they are, each piece read once for both products: the factors go to the small matrices instead. */
function sketchSingle(
  cols: number,
  { omega, k, wantsEnergy = true, rowFactor, columnFactor }: SketchShared,
  first: Block,
  next: Next,
): NormalProduct {
  const fused = createFusedProducts(columnFactor ? multiplyRows(omega, columnFactor, k) : omega, cols, k, 'single');
  const weights = rowFactor?.map((f) => f * f);
  const columnWeights = columnFactor?.map((f) => f * f) ?? new Float64Array(rowFactor ? cols : 0).fill(1);
  let energy = 0;
  try {
    for (let block: Block | null = first; block?.single; block = next()) {
      const { start, rows, single } = block;
      fused.sweep(single, rows, (products, from) =>
        weights ? multiplyRows(products, weights, k, start + from) : products.slice(),
      );
      if (!wantsEnergy) continue;
      if (!weights && !columnFactor) energy += sumSquaresSingle(single);
      else {
        for (let r = 0; r < rows; r++) {
          energy += (weights ? weights[start + r]! : 1) * sumSquaresWeighted(single, r * cols, columnWeights);
        }
      }
    }
    const product = fused.toCross();
    return { product: columnFactor ? multiplyRows(product, columnFactor, k) : product, energy };
  } finally {
    fused.free();
  }
}

/** A copy of rows of k values, row i times factors[first + i]. */
export function multiplyRows(rows: Float64Array, factors: Float64Array, k: number, first = 0): Float64Array {
  const out = new Float64Array(rows.length);
  for (let at = 0, i = first; at < rows.length; at += k, i++) {
    const factor = factors[i]!;
    for (let j = 0; j < k; j++) out[at + j] = rows[at + j]! * factor;
  }
  return out;
}
