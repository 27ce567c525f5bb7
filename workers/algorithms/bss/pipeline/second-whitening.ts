import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { centre, type Whitened } from './whiten.ts';

export interface WhiteAgain {
  /** [samples × k], of covariance 1 with the denominator samples − 1 */
  y: Matrix;
  /** P [k × k]: y = Y Pᵀ without means, symmetric */
  whitening: Matrix;
}

const floor = 1e-13;

/**
 * The whitening that MDP's methods do once more, P = C^(−1/2) with C = YᵀY/(samples − 1): on white samples it is
 * √((samples − 1)/samples) and no rotation, so that the start of the search does not depend on rounding.
 */
export function whitenAgain({ y, covariance }: Whitened): WhiteAgain {
  const { rows, cols: k } = y;
  const { values, vectors } = eigh(covariance);
  const least = floor * Math.max(0, values[0] ?? 0);
  const scale = rows / Math.max(1, rows - 1);
  const scaled = createMatrix(
    k,
    k,
    vectors.data.map((value, at) => value / Math.sqrt(scale * Math.max(values[at % k]!, least))),
  );
  const whitening = multiply(scaled, vectors, { transposeB: true });
  return { y: multiply(centre(y), whitening, { transposeB: true }), whitening };
}
