import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { addMoments, createWeigher, momentsLength, type Probabilities } from './posterior.ts';

/** Components with full covariances Σ = L Lᵀ, as z = L⁻¹ (x − μ) needs them. */
export interface DenseShared extends Probabilities {
  k: number;
  /** [p × k p]: the columns of component c are those of L⁻ᵀ */
  project: Float64Array;
  /** [k p]: L⁻¹ μ of each component */
  shift: Float64Array;
  /** log weight − p/2 log 2π − log det L of each component */
  constants: Float64Array;
}

/** Values of z of one piece: small beside a cache of the second level. */
const pieceValues = 128 * 1024;

/** Rows of a piece when each takes so many values. */
export const pieceRows = (width: number): number => Math.max(32, 8 * Math.floor(pieceValues / (8 * width)));

/**
 * E and M step with one look at the rows: one product gives z = L⁻¹(x − μ) for all components, its lengths give the
 * probabilities r, and the Gram matrix of √r z is the sum that the next covariance follows from. These are the sums of
 * the textbook in the coordinates of the component itself: near the optimum the matrix is close to a multiple of one,
 * so that no digits cancel however far apart the components are.
 */
export const densePass: Pass<DenseShared, Float64Array> = {
  id: 'mixture-dense',
  stateBytes: (cols, { k, out }) => (out ? 8 : 8 * momentsLength({ k, p: cols, depth: cols })),
  perValue: (cols, { k }) => 2 * k * cols,
  partial(cols, shared, next) {
    const { k, project, out } = shared;
    const layout = { k, p: cols, depth: cols };
    const width = k * cols;
    const kernel = kernels();
    const { run } = kernel;
    const buffer = createRowBuffer(kernel, cols, pieceRows(width));
    try {
      return kernel.scope((allocate) => {
        const packed = allocate(run.packedBytes64(cols, width));
        kernel.scope((allocateHere) => {
          const plain = allocateHere(8 * cols * width);
          kernel.f64(plain, cols * width).set(project);
          run.packRight64(cols, width, plain, 8 * width, packed);
        });
        const weigher = createWeigher(kernel, allocate, layout, shared, shared, buffer.capacity);
        const { z } = weigher;
        const scratch = allocate(run.scratch64(cols));
        const edge = allocate(192);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            kernel.f64(z, count * width).fill(0);
            run.multiplyRight64(count, width, cols, address, 8 * cols, packed, z, 8 * width, edge);
            weigher.add(block.start + start, count);
            // of a single column the weigher adds them
            if (out || layout.depth === 1) continue;
            for (let c = 0; c < k; c++) {
              const [from, to] = [z + 8 * c * cols, weigher.second + 8 * c * cols * cols];
              run.gram64(cols, count, from, 8 * width, to, 8 * cols, scratch);
            }
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
