import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { pieceRows } from './dense-pass.ts';
import { addMoments, createWeigher, momentsLength, type Probabilities } from './posterior.ts';

/** Components whose covariances are diagonal, as z = (x − μ) / σ needs them. */
export interface DiagonalShared extends Probabilities {
  k: number;
  /** [k × p] */
  means: Float64Array;
  /** [k × p]: 1/σ */
  inverse: Float64Array;
  /** log weight − p/2 log 2π − Σ log σ of each component */
  constants: Float64Array;
}

/** E and M step of diagonal components with one look at the rows; sums of r, r z and r z² (see densePass). */
export const diagonalPass: Pass<DiagonalShared, Float64Array> = {
  id: 'mixture-diagonal',
  stateBytes: (cols, { k, out }) => (out ? 8 : 8 * momentsLength({ k, p: cols, depth: 1 })),
  perValue: (_cols, { k }) => 6 * k,
  partial(cols, shared, next) {
    const { k, means, inverse, constants } = shared;
    const kernel = kernels();
    const buffer = createRowBuffer(kernel, cols, pieceRows(k * cols));
    try {
      return kernel.scope((allocate) => {
        const meansAt = allocate(8 * k * cols);
        const inverseAt = allocate(8 * k * cols);
        kernel.f64(meansAt, k * cols).set(means);
        kernel.f64(inverseAt, k * cols).set(inverse);
        const zero = { shift: new Float64Array(k * cols), constants };
        const weigher = createWeigher(kernel, allocate, { k, p: cols, depth: 1 }, zero, shared, buffer.capacity);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            kernel.run.mixtureDeviations(count, k, cols, address, meansAt, inverseAt, weigher.z);
            weigher.add(block.start + start, count);
          }
        }
        return weigher.finish();
      });
    } finally {
      buffer.free();
    }
  },
  merge: addMoments,
};
