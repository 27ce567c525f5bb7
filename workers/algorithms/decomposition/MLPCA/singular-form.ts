import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { svdThin } from '../../../linalg/svd.ts';

/** M = L Fᵀ = U diag(S) Vᵀ with L' = U S [rows × p] and F' = V [cols × p]. */
export interface SingularForm {
  loadings: Matrix;
  factors: Matrix;
  /** descending, length p */
  singularValues: Float64Array;
}

/**
 * The singular value decomposition of a model of rank p from its two thin sides: with L = Q_L R_L and F = Q_F R_F only
 * R_L R_Fᵀ [p × p] is decomposed. The entry of the largest absolute value of each column of the loadings is positive,
 * whatever the shape: HyperSpy does not transpose here.
 */
export function singularForm(l: Matrix, f: Matrix, check: () => void): SingularForm {
  const left = qrThin(l, check);
  const right = qrThin(f, check);
  const { u, s, v } = svdThin(multiply(left.r, right.r, { transposeB: true }));
  const scaled = createMatrix(
    u.rows,
    u.cols,
    u.data.map((value, at) => value * s[at % s.length]!),
  );
  const loadings = multiply(left.q, scaled);
  const factors = multiply(right.q, v);
  const signs = columnSigns(loadings);
  for (const { data } of [loadings, factors])
    for (let at = 0; at < data.length; at++) data[at]! *= signs[at % s.length]!;
  return { loadings, factors, singularValues: s };
}

/** Sign of the entry of the largest absolute value of every column, the first on ties. */
function columnSigns({ data, cols }: Matrix): Float64Array {
  const peaks = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) {
    if (Math.abs(data[at]!) > Math.abs(peaks[at % cols]!)) peaks[at % cols] = data[at]!;
  }
  return peaks.map((peak) => (peak < 0 ? -1 : 1));
}
