import { multiply } from '../../workers/linalg/gemm.ts';
import { columns, createMatrix, type Matrix } from '../../workers/linalg/matrix.ts';
import { qrThin } from '../../workers/linalg/qr.ts';
import { svdThin } from '../../workers/linalg/svd.ts';

/** The metrics of fixtures/README.md that decompositions need. All are 0 for a perfect answer. */

/** Both with the rows removed that are NaN in both; throws when shape or NaN rows differ. */
export function aligned(ours: Matrix, expected: Matrix, count = expected.cols): [Matrix, Matrix] {
  if (ours.rows !== expected.rows || ours.cols < count) {
    throw new Error(`Shape ${ours.rows} × ${ours.cols} instead of ${expected.rows} × ${expected.cols}`);
  }
  const kept: number[] = [];
  for (let i = 0; i < expected.rows; i++) {
    const hole = (m: Matrix): boolean => Number.isNaN(m.data[i * m.cols]!);
    if (hole(ours) !== hole(expected)) throw new Error(`Row ${i} is left out on one side only`);
    if (!hole(expected)) kept.push(i);
  }
  const pick = (m: Matrix): Matrix => {
    const out = createMatrix(kept.length, m.cols);
    kept.forEach((row, i) => out.data.set(m.data.subarray(row * m.cols, (row + 1) * m.cols), i * m.cols));
    return columns(out, count);
  };
  return [pick(ours), pick(expected)];
}

export function relativeFrobenius(ours: Float64Array, expected: Float64Array): number {
  if (ours.length !== expected.length) throw new Error(`${ours.length} values instead of ${expected.length}`);
  const norm = Math.hypot(...chunks(expected).map((part) => Math.hypot(...part)));
  const difference = ours.map((v, i) => v - expected[i]!);
  return Math.hypot(...chunks(difference).map((part) => Math.hypot(...part))) / (norm || 1);
}

function chunks(values: Float64Array): Float64Array[] {
  return Array.from({ length: Math.ceil(values.length / 1000) }, (_, i) => values.subarray(i * 1000, (i + 1) * 1000));
}

export function largestRelative(ours: Float64Array, expected: Float64Array, first = expected.length): number {
  let largest = 0;
  for (let i = 0; i < first; i++) {
    const difference = Math.abs(ours[i]! - expected[i]!) / Math.max(Math.abs(expected[i]!), 1e-300);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** Sine of the largest principal angle between the column spaces. */
export function subspaceAngle(ours: Matrix, expected: Matrix): number {
  const a = qrThin(ours).q;
  const b = qrThin(expected).q;
  const inside = multiply(a, multiply(a, b, { transposeA: true }));
  return (
    svdThin(
      createMatrix(
        b.rows,
        b.cols,
        b.data.map((v, i) => v - inside.data[i]!),
      ),
    ).s[0] ?? 0
  );
}

/** 1 − smallest |cosine| of columns in order. */
export function columnCorrelation(ours: Matrix, expected: Matrix): number {
  let worst = 1;
  for (let j = 0; j < expected.cols; j++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < expected.rows; i++) {
      const a = ours.data[i * ours.cols + j]!;
      const b = expected.data[i * expected.cols + j]!;
      ab += a * b;
      aa += a * a;
      bb += b * b;
    }
    worst = Math.min(worst, Math.abs(ab) / (Math.sqrt(aa * bb) + 1e-300));
  }
  return 1 - worst;
}
