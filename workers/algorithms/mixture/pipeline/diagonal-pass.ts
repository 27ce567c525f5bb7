import type { Block, Pass } from '../../../job.ts';
import { addMoments, momentsAt, momentsLength, negligible, toProbabilities, type Probabilities } from './posterior.ts';

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
  partial(cols, shared, next) {
    const layout = { k: shared.k, p: cols, depth: 1 };
    const moments = new Float64Array(shared.out ? 1 : momentsLength(layout));
    const z = new Float64Array(shared.k * cols);
    for (let block = next(); block; block = next()) weighBlock(block, cols, shared, z, moments);
    return moments;
  },
  merge: addMoments,
};

/** Probabilities of a block of rows, and their sums. */
function weighBlock(
  { data, rows, start }: Block,
  cols: number,
  { k, means, inverse, constants, given, out }: DiagonalShared,
  z: Float64Array,
  moments: Float64Array,
): void {
  const { weights, first, second } = momentsAt({ k, p: cols, depth: 1 });
  const logs = new Float64Array(k);
  for (let i = 0; i < rows; i++) {
    const row = (start + i) * k;
    for (let c = 0, at = 0; c < k; c++) {
      let square = 0;
      for (let j = 0, from = i * cols; j < cols; j++, at++, from++) {
        const d = (data[from]! - means[at]!) * inverse[at]!;
        z[at] = d;
        square += d * d;
      }
      logs[c] = constants[c]! - square / 2;
    }
    if (given) for (let c = 0; c < k; c++) logs[c] = given[row + c]!;
    else moments[0]! += toProbabilities(logs, k);
    if (out) {
      out.set(logs, row);
      continue;
    }
    for (let c = 0; c < k; c++) {
      const r = logs[c]!;
      if (r < negligible) continue;
      moments[weights + c]! += r;
      for (let j = 0, at = c * cols; j < cols; j++, at++) {
        const d = r * z[at]!;
        moments[first + at]! += d;
        moments[second + at]! += d * z[at]!;
      }
    }
  }
}
