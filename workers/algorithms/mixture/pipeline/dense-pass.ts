import type { Pass } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRowBuffer } from '../../../linalg/row-buffer.ts';
import { addMoments, momentsAt, momentsLength, negligible, toProbabilities, type Probabilities } from './posterior.ts';

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

/**
 * E and M step with one look at the rows: one product gives z = L⁻¹(x − μ) for all components, its lengths give the
 * probabilities r, and the Gram matrix of √r z is the sum that the next covariance follows from. These are the sums of
 * the textbook in the coordinates of the component itself: near the optimum the matrix is close to a multiple of one,
 * so that no digits cancel however far apart the components are.
 */
export const densePass: Pass<DenseShared, Float64Array> = {
  id: 'mixture-dense',
  stateBytes: (cols, { k, out }) => (out ? 8 : 8 * momentsLength({ k, p: cols, depth: cols })),
  partial(cols, shared, next) {
    const { k, project, out } = shared;
    const layout = { k, p: cols, depth: cols };
    const moments = new Float64Array(out ? 1 : momentsLength(layout));
    const { second } = momentsAt(layout);
    const width = k * cols;
    const kernel = kernels();
    const { run } = kernel;
    const buffer = createRowBuffer(kernel, cols, Math.max(32, 8 * Math.floor(pieceValues / (8 * width))));
    const logs = new Float64Array(k);
    try {
      return kernel.scope((allocate) => {
        const packed = allocate(run.packedBytes64(cols, width));
        kernel.scope((allocateHere) => {
          const plain = allocateHere(8 * cols * width);
          kernel.f64(plain, cols * width).set(project);
          run.packRight64(cols, width, plain, 8 * width, packed);
        });
        const product = allocate(8 * buffer.capacity * width);
        const squares = allocate(8 * cols * width);
        const scratch = allocate(run.scratch64(cols));
        const edge = allocate(192);
        kernel.f64(squares, cols * width).fill(0);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            const z = kernel.f64(product, count * width).fill(0);
            run.multiplyRight64(count, width, cols, address, 8 * cols, packed, product, 8 * width, edge);
            weighBlock(z, cols, count, (block.start + start) * k, shared, logs, moments);
            if (out) continue;
            for (let c = 0; c < k; c++) {
              const [from, to] = [product + 8 * c * cols, squares + 8 * c * cols * cols];
              run.gram64(cols, count, from, 8 * width, to, 8 * cols, scratch);
            }
          }
        }
        if (!out) moments.set(kernel.f64(squares, cols * width), second);
        return moments;
      });
    } finally {
      buffer.free();
    }
  },
  merge: addMoments,
};

/**
 * Probabilities of a piece of rows, and their sums; leaves √r z in place of z. A function of its own, which is compiled
 * once: the pass is called with another closure each time.
 * @param from place of the first row in arrays of k columns
 */
function weighBlock(
  z: Float64Array,
  p: number,
  count: number,
  from: number,
  { k, shift, constants, given, out }: DenseShared,
  logs: Float64Array,
  moments: Float64Array,
): void {
  const { weights, first } = momentsAt({ k, p, depth: p });
  for (let i = 0; i < count; i++) {
    const row = from + i * k;
    measureRow(z, i * k * p, p, shift, constants, logs);
    if (given) for (let c = 0; c < k; c++) logs[c] = given[row + c]!;
    else moments[0]! += toProbabilities(logs, k);
    if (out) out.set(logs, row);
    else weighRow(z, i * k * p, p, logs, moments, weights, first);
  }
}

/** Subtracts the shift from z and writes the logarithms of the weighted densities. */
function measureRow(
  z: Float64Array,
  from: number,
  p: number,
  shift: Float64Array,
  constants: Float64Array,
  logs: Float64Array,
): void {
  for (let c = 0, at = 0; c < logs.length; c++) {
    let square = 0;
    for (let j = 0; j < p; j++, at++) {
      const d = z[from + at]! - shift[at]!;
      z[from + at] = d;
      square += d * d;
    }
    logs[c] = constants[c]! - square / 2;
  }
}

/** Adds r and r z to the sums and leaves √r z in place of z. */
function weighRow(
  z: Float64Array,
  from: number,
  p: number,
  shares: Float64Array,
  moments: Float64Array,
  weights: number,
  first: number,
): void {
  for (let c = 0, at = 0; c < shares.length; c++) {
    const r = shares[c]!;
    if (r < negligible) {
      for (let j = 0; j < p; j++, at++) z[from + at] = 0;
      continue;
    }
    moments[weights + c]! += r;
    const root = Math.sqrt(r);
    for (let j = 0; j < p; j++, at++) {
      const d = root * z[from + at]!;
      z[from + at] = d;
      moments[first + at]! += root * d;
    }
  }
}
