import { createMatrix } from '../../../linalg/matrix.ts';
import type { LeftTarget, TallSvd } from './tall-svd.ts';

/** Neighbours that differ by less than this share of the largest value are in either order. */
const tie = 1e-12;

/** Puts the singular values in descending order; columns move only where the order is wrong by more than rounding. */
export function orderColumns(target: LeftTarget, found: TallSvd): TallSvd {
  const s = found.singularValues;
  const largest = s.reduce((a, b) => Math.max(a, b), 0);
  const wrong = s.some((value, i) => i > 0 && value > s[i - 1]! + tie * largest);
  if (!wrong) return { ...found, singularValues: s.slice().sort((a, b) => b - a) };
  const order = Array.from(s.keys()).sort((a, b) => s[b]! - s[a]!);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(order, (i) => values[i]!);
  permuteColumns(target.out, target.rowCount, order);
  const right = createMatrix(found.right.rows, found.right.cols, found.right.data.slice());
  permuteColumns(right.data, right.rows, order);
  return { singularValues: pick(s), right, peaks: pick(found.peaks), energy: found.energy };
}

function permuteColumns(data: Float64Array, rows: number, order: readonly number[]): void {
  const k = order.length;
  const row = new Float64Array(k);
  for (let at = 0; at < rows * k; at += k) {
    for (let j = 0; j < k; j++) row[j] = data[at + order[j]!]!;
    data.set(row, at);
  }
}
