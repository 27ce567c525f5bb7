import type { Pass } from '../job.ts';
import { kernels } from '../kernels/kernels.ts';
import { createGram } from '../linalg/gram.ts';
import { createRightMultiplier } from '../linalg/product.ts';
import { multiplyRows } from './sketch.ts';

export interface ProjectBasisShared {
  /** W [cols × k], row-major */
  basis: Float64Array;
  k: number;
  /** A·W [rows × k] goes here, in shared memory */
  out: Float64Array;
  /** A = diag(rowFactor) X diag(columnFactor) of a view X of float32 rows as they are stored: see storedRows */
  rowFactor?: Float64Array;
  columnFactor?: Float64Array;
}

/** Writes B = A·W of a few columns to shared memory and gives BᵀB [k × k], in double precision, with one look at A. */
export const projectBasisPass: Pass<ProjectBasisShared, Float64Array> = {
  id: 'project-basis',
  stateBytes: (cols, { k }) => 8 * k * k + Math.min(8 * cols * k, 2 * 2 ** 20),
  takesSingle: true,
  partial(cols, { basis, k, out, rowFactor, columnFactor }, next) {
    const kernel = kernels();
    const data = columnFactor ? multiplyRows(basis, columnFactor, k) : basis;
    const multiplier = createRightMultiplier({ rows: cols, cols: k, data });
    const gram = createGram(k);
    try {
      for (let block = next(); block; block = next()) {
        const { start: first } = block;
        multiplier.each(block.single ?? block.data, block.rows, (address, start, count) => {
          const row = first + start;
          const products = kernel.f64(address, count * k);
          const rows = rowFactor ? multiplyRows(products, rowFactor, k, row) : products;
          out.set(rows, row * k);
          gram.add(out.subarray(row * k, (row + count) * k), count);
        });
      }
      return gram.toMatrix().data;
    } finally {
      gram.free();
      multiplier.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
    return a;
  },
};
