import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { createMatrix, identity, transpose, type Matrix } from '../../../linalg/matrix.ts';

export type WhitenMethod = 'PCA' | 'ZCA' | 'none';

export interface Whitened {
  /** Y = Z Kᵀ [samples × k], centred; of unit covariance unless the method is none */
  y: Matrix;
  /** K [k × k] */
  whitening: Matrix;
}

/** keeps a component that does not vary from being blown up without bound */
const floor = 1e-10;

/**
 * Centres columns and makes them uncorrelated and of variance 1: C = ZᵀZ/n = U Λ Uᵀ, D = √(Λ + 1e-10), K = D⁻¹Uᵀ
 * (principal axes) or U D⁻¹ Uᵀ (nearest to the data).
 */
export function whiten(z: Matrix, method: WhitenMethod): Whitened {
  const { rows, cols: k } = z;
  const means = new Float64Array(k);
  for (let at = 0; at < z.data.length; at += k) for (let c = 0; c < k; c++) means[c]! += z.data[at + c]!;
  const centred = createMatrix(
    rows,
    k,
    z.data.map((value, at) => value - means[at % k]! / rows),
  );
  if (method === 'none') return { y: centred, whitening: identity(k) };
  const covariance = createMatrix(
    k,
    k,
    gramOf(centred.data, k).map((sum) => sum / rows),
  );
  const { values, vectors } = eigh(covariance);
  const u = withPositivePeaks(vectors);
  const scaled = createMatrix(
    k,
    k,
    u.data.map((value, at) => value / Math.sqrt(Math.max(0, values[at % k]!) + floor)),
  );
  const whitening = method === 'PCA' ? transpose(scaled) : multiply(scaled, u, { transposeB: true });
  return { y: multiply(centred, whitening, { transposeB: true }), whitening };
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
