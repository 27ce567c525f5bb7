import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { updateRows } from './update.ts';

export interface OpnmfShared {
  /** B = AᵀW [cols × k], row-major */
  b: Float64Array;
  /** C = BᵀB [k × k] */
  c: Float64Array;
  /** W [rows × k] in shared memory */
  w: Float64Array;
  /** takes the next W, not normalised; shared memory */
  next: Float64Array;
  k: number;
}

/**
 * One multiplicative step with a single look at A: a block of rows gives its rows of P = A·B, with them its rows of the
 * next W, and with those its share of the transpose of the next AᵀW [k × cols], which is the state. The block is copied
 * to kernel memory once for both products, and the second reads its long side in place.
 */
export const opnmfPass: Pass<OpnmfShared, Float64Array> = {
  id: 'opnmf',
  stateBytes: (cols, { k }) => 8 * cols * k,
  partial(cols, { b, c, w, next: out, k }, next) {
    const kernel = kernels();
    const { run } = kernel;
    const buffer = createRowBuffer(kernel, cols);
    try {
      return kernel.scope((allocate) => {
        const packed = allocate(run.packedBytes64(cols, k));
        const sum = allocate(8 * cols * k);
        const product = allocate(8 * buffer.capacity * k);
        const scratch = allocate(run.scratch64(cols));
        const edge = allocate(192);
        // B first stands where its products are added up later
        kernel.f64(sum, cols * k).set(b);
        run.packRight64(cols, k, sum, 8 * k, packed);
        kernel.f64(sum, cols * k).fill(0);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            const p = kernel.f64(product, count * k).fill(0);
            run.multiplyRight64(count, k, cols, address, 8 * cols, packed, product, 8 * k, edge);
            const at = (block.start + start) * k;
            updateRows(count, k, w, at, p, 0, c, out);
            p.set(out.subarray(at, at + count * k));
            run.gemm64(k, cols, count, product, 8 * k, true, address, 8 * cols, false, sum, 8 * cols, scratch);
          }
        }
        return kernel.f64(sum, cols * k).slice();
      });
    } finally {
      buffer.free();
    }
  },
  merge(a, b) {
    for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
    return a;
  },
};
