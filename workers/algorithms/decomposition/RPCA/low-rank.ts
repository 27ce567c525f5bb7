import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, transpose, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { svdThin } from '../../../linalg/svd.ts';
import { padded } from './pass.ts';

/** L = U diag(s) Vᵀ: U [rows × r] and V [cols × r] orthonormal, s descending. */
export interface LowRank {
  u: Matrix;
  s: Float64Array;
  v: Matrix;
}

/** Singular form of P Qᵀ, P [rows × r], Q [cols × r]. */
export function singularForm(p: Matrix, q: Matrix): LowRank {
  const left = qrThin(p);
  const right = qrThin(q);
  const { u, s, v } = svdThin(multiply(left.r, right.r, { transposeB: true }));
  return { u: multiply(left.q, u), s, v: multiply(right.q, v) };
}

/** U diag(s). */
export function scaledLeft({ u, s }: LowRank): Matrix {
  return createMatrix(
    u.rows,
    u.cols,
    u.data.map((value, at) => value * s[at % u.cols]!),
  );
}

/** Rows of Vᵀ as the kernels take them: an odd length is filled with a 0. */
export function paddedRows(v: Matrix): Float64Array {
  const { rows: n, cols: r } = v;
  const ld = padded(n);
  const out = new Float64Array(r * ld);
  const t = transpose(v).data;
  for (let k = 0; k < r; k++) out.set(t.subarray(k * n, (k + 1) * n), k * ld);
  return out;
}

/** The inverse of `paddedRows`: [n × r]. */
export function fromPaddedRows(rows: Float64Array, n: number, r: number): Matrix {
  const ld = padded(n);
  const out = createMatrix(n, r);
  for (let k = 0; k < r; k++) for (let j = 0; j < n; j++) out.data[j * r + k] = rows[k * ld + j]!;
  return out;
}
