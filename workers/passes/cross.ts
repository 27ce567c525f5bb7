import type { Pass } from '../job.ts';
import { createCrossAccumulator } from '../linalg/product.ts';

export interface CrossShared {
  /** rows of k numbers; row r of A meets row `rows[r]` (r without), times `scale[r]` */
  b: Float64Array;
  k: number;
  rows?: Int32Array;
  scale?: Float64Array;
}

/** AᵀB [cols × k], row-major. */
export const crossPass: Pass<CrossShared, Float64Array> = {
  id: 'cross',
  stateBytes: (cols, { k }) => 8 * cols * k,
  partial(cols, { b, k, rows, scale }, next) {
    const cross = createCrossAccumulator(cols, k);
    let right = new Float64Array(0);
    try {
      for (let block = next(); block; block = next()) {
        if (right.length !== block.rows * k) right = new Float64Array(block.rows * k);
        for (let r = 0; r < block.rows; r++) {
          const row = block.start + r;
          const from = (rows ? rows[row]! : row) * k;
          const factor = scale ? scale[row]! : 1;
          for (let j = 0; j < k; j++) right[r * k + j] = b[from + j]! * factor;
        }
        cross.add(block.data, right, block.rows);
      }
      return cross.toMatrix().data;
    } finally {
      cross.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
    return a;
  },
};
