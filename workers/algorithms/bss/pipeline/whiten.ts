import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { createMatrix, identity, maxAbs, transpose, type Matrix } from '../../../linalg/matrix.ts';

export type WhitenMethod = 'PCA' | 'ZCA' | 'none';

export interface Whitened {
  /** Y = Z Kᵀ [samples × k], centred and of unit covariance; Z itself when the method is none */
  y: Matrix;
  /** K [k × k] */
  whitening: Matrix;
  /** of Y, with the denominator samples [k × k] */
  covariance: Matrix;
  /** how many directions vary at all */
  rank: number;
}

/**
 * What keeps a direction that does not vary from being blown up, as a share of the largest variance: where the rounding
 * of the covariance is. A fixed number, as others take it, would decide by the units of the data.
 */
const floor = 1e-13;
/** Deviations from the mean below this share of the values are rounding. */
const rounding = 1e-14;

/**
 * Centres columns and makes them uncorrelated and of variance 1: C = ZᵀZ/n = U Λ Uᵀ, D = √(Λ + 1e-13 max Λ), K = D⁻¹Uᵀ
 * (principal axes) or U D⁻¹ Uᵀ (nearest to the data).
 */
export function whiten(z: Matrix, method: WhitenMethod): Whitened {
  const k = z.cols;
  const centred = centre(z);
  const covariance = covarianceOf(centred);
  const { values, vectors } = eigh(covariance);
  const least = Math.max(floor * Math.max(0, values[0] ?? 0), (rounding * maxAbs(z.data)) ** 2);
  const rank = values.reduce((n, value) => n + (value > least ? 1 : 0), 0);
  if (method === 'none') return { y: z, whitening: identity(k), covariance, rank };
  const u = withPositivePeaks(vectors);
  const scaled = createMatrix(
    k,
    k,
    u.data.map((value, at) => value / (Math.sqrt(Math.max(0, values[at % k]!) + least) || 1)),
  );
  const whitening = method === 'PCA' ? transpose(scaled) : multiply(scaled, u, { transposeB: true });
  const y = multiply(centred, whitening, { transposeB: true });
  return { y, whitening, covariance: covarianceOf(y), rank };
}

/** Columns without their means. */
export function centre(z: Matrix): Matrix {
  const { rows, cols: k } = z;
  const means = new Float64Array(k);
  for (let at = 0; at < z.data.length; at += k) for (let c = 0; c < k; c++) means[c]! += z.data[at + c]!;
  for (let c = 0; c < k; c++) means[c]! /= rows;
  const out = createMatrix(rows, k);
  for (let at = 0; at < z.data.length; at += k)
    for (let c = 0; c < k; c++) out.data[at + c] = z.data[at + c]! - means[c]!;
  return out;
}

/** XᵀX/rows. */
export function covarianceOf({ rows, cols, data }: Matrix): Matrix {
  return createMatrix(
    cols,
    cols,
    gramOf(data, cols).map((sum) => sum / rows),
  );
}

/** Columns whose entry of the largest absolute value is positive, the first on ties. */
function withPositivePeaks(u: Matrix): Matrix {
  const { rows, cols } = u;
  const out = createMatrix(rows, cols, u.data.slice());
  for (let c = 0; c < cols; c++) {
    let peak = 0;
    for (let r = 0; r < rows; r++) {
      const value = u.data[r * cols + c]!;
      if (Math.abs(value) > Math.abs(peak)) peak = value;
    }
    if (peak < 0) for (let r = 0; r < rows; r++) out.data[r * cols + c]! *= -1;
  }
  return out;
}
