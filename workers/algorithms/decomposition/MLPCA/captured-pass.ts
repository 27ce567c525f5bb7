import type { Pass } from '../../../job.ts';

export interface CapturedShared {
  /** F [cols × k] row-major */
  factors: Float64Array;
  /** L [rows × k] row-major, of the view's rows in order */
  loadings: Float64Array;
  k: number;
}

/** Over the values that are finite numbers alone. */
export interface Captured {
  /** ‖A − L_j F_jᵀ‖² with the first 0, 1 … k components */
  left: Float64Array;
}

/** What the first components leave of data with missing values: no Gram matrix tells that. */
export const capturedPass: Pass<CapturedShared, Captured> = {
  id: 'mlpca-captured',
  stateBytes: (_cols, { k }) => 8 * k + 8,
  partial(cols, { factors, loadings, k }, next) {
    const left = new Float64Array(k + 1);
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        const row = (block.start + r) * k;
        for (let j = 0; j < cols; j++) {
          let rest = block.data[r * cols + j]!;
          if (!Number.isFinite(rest)) continue;
          left[0]! += rest * rest;
          for (let c = 0; c < k; c++) {
            rest -= loadings[row + c]! * factors[j * k + c]!;
            left[c + 1]! += rest * rest;
          }
        }
      }
    }
    return { left };
  },
  merge(a, b) {
    for (let c = 0; c < a.left.length; c++) a.left[c]! += b.left[c]!;
    return a;
  },
};
