import { multiply } from '../../../linalg/gemm.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { svdThin } from '../../../linalg/svd.ts';
import type { KeptComponents } from '../pipeline/captured.ts';

export interface RotatedComponents extends KeptComponents {
  singularValues: Float64Array;
}

/**
 * Singular value decomposition of the model L Fᵀ without forming it: L = Q₁R₁, F = Q₂R₂, R₁R₂ᵀ = U S Vᵀ (k × k). The
 * loadings become Q₁U S, the factors Q₂V; the loading of the largest absolute value of each component is positive.
 * The model stays the same.
 */
export function rotateToSingular({ k, factors, loadings }: KeptComponents): RotatedComponents {
  const asMatrix = (data: Float64Array): Matrix => createMatrix(data.length / k, k, new Float64Array(data));
  const left = qrThin(asMatrix(loadings));
  const right = qrThin(asMatrix(factors));
  const { u, s, v } = svdThin(multiply(left.r, right.r, { transposeB: true }));
  const l = multiply(left.q, u).data;
  const f = multiply(right.q, v).data;
  const peaks = new Float64Array(k);
  for (let at = 0; at < l.length; at++) if (Math.abs(l[at]!) > Math.abs(peaks[at % k]!)) peaks[at % k] = l[at]!;
  const sign = peaks.map((peak) => (peak < 0 ? -1 : 1));
  for (let at = 0; at < l.length; at++) l[at]! *= sign[at % k]! * s[at % k]!;
  for (let at = 0; at < f.length; at++) f[at]! *= sign[at % k]!;
  return { k, factors: f, loadings: l, singularValues: s };
}
