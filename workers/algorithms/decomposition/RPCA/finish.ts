import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import type { HuberLoss } from './loss.ts';
import { fromPaddedRows, paddedRows, scaledLeft, singularForm, type LowRank } from './low-rank.ts';

export interface Truncated {
  low: LowRank;
  /** of X − L for the L that was given */
  loss: number;
  /** ‖C‖ */
  remainder: number;
}

/**
 * Thin SVD, cut to rank r, of GoDec's low-rank matrix Lr = L + C, in which the clipped remainder stays. The subspace is
 * that of L after applications of LrᵀLr; L holds all but what is of the size of C, so one is enough for ten digits.
 * @param power further applications
 */
export async function truncateLowRank(loss: HuberLoss, low: LowRank, power: number): Promise<Truncated> {
  const { cols, r } = loss;
  const b = scaledLeft(low);
  const v = paddedRows(low.v);
  const operands = { b: b.data, v };
  let found = await loss.look(operands);
  const state = { loss: found.loss, remainder: Math.sqrt(found.square) };
  // Lr Q for Q = V
  let p = sum(b, found.cg);
  let q = low.v;
  for (let turn = 0; turn <= power; turn++) {
    found = await loss.look({ ...operands, w: p.data });
    // LrᵀP = V (BᵀP) + CᵀP
    q = qrThin(sum(multiply(low.v, multiply(b, p, { transposeA: true })), fromPaddedRows(found.wc, cols, r).data)).q;
    found = await loss.look({ ...operands, g: paddedRows(q) });
    p = sum(multiply(b, multiply(low.v, q, { transposeA: true })), found.cg);
  }
  return { low: singularForm(p, q), ...state };
}

const sum = (a: Matrix, b: Float64Array): Matrix =>
  createMatrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + b[i]!),
  );
