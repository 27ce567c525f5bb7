import { leastSquares } from '../../workers/linalg/lstsq.ts';
import { columnNorms, createMatrix, type Matrix } from '../../workers/linalg/matrix.ts';

/** The metrics of fixtures/README.md that separations need; free of order, sign and scale. All are 0 for a perfect answer. */

/** |correlation| of columns of a with columns of b, [a.cols × b.cols]. */
export function correlations(a: Matrix, b: Matrix): Float64Array {
  const [za, zb] = [standardized(a), standardized(b)];
  const out = new Float64Array(a.cols * b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let p = 0; p < a.cols; p++) {
      for (let q = 0; q < b.cols; q++) out[p * b.cols + q]! += za.data[i * a.cols + p]! * zb.data[i * b.cols + q]!;
    }
  }
  return out.map(Math.abs);
}

/** Both without the rows that are NaN in one of them. */
export function withoutHoles(a: Matrix, b: Matrix): [Matrix, Matrix] {
  const kept = Array.from({ length: a.rows }, (_, i) => i).filter((i) =>
    [a, b].every((m) => m.data.subarray(i * m.cols, (i + 1) * m.cols).every((value) => !Number.isNaN(value))),
  );
  const pick = (m: Matrix): Matrix => {
    const out = createMatrix(kept.length, m.cols);
    kept.forEach((row, i) => out.data.set(m.data.subarray(row * m.cols, (row + 1) * m.cols), i * m.cols));
    return out;
  };
  return [pick(a), pick(b)];
}

function standardized(m: Matrix): Matrix {
  const out = createMatrix(m.rows, m.cols, m.data.slice());
  for (let c = 0; c < m.cols; c++) {
    let mean = 0;
    for (let r = 0; r < m.rows; r++) mean += m.data[r * m.cols + c]! / m.rows;
    let norm = 0;
    for (let r = 0; r < m.rows; r++) norm += (m.data[r * m.cols + c]! - mean) ** 2;
    for (let r = 0; r < m.rows; r++) out.data[r * m.cols + c] = (m.data[r * m.cols + c]! - mean) / Math.sqrt(norm);
  }
  return out;
}

/** 1 − the smallest |correlation| of the one-to-one match with the largest sum; by trying all, for few columns. */
export function matchedCorrelation(ours: Matrix, expected: Matrix): number {
  const k = expected.cols;
  if (ours.rows !== expected.rows || ours.cols < k) throw new Error('Other shapes');
  const found = correlations(expected, ours);
  let best = { sum: -1, least: 0 };
  const place = (q: number, used: readonly number[], sum: number, least: number): void => {
    if (q === k) {
      if (sum > best.sum) best = { sum, least };
      return;
    }
    for (let p = 0; p < ours.cols; p++) {
      if (used.includes(p)) continue;
      const value = found[q * ours.cols + p]!;
      place(q + 1, [...used, p], sum + value, Math.min(least, value));
    }
  };
  place(0, [], 0, 1);
  return 1 - best.least;
}

/** Amari index of P in expected · P = ours, columns of unit length: 0 when they differ by order, sign and scale alone. */
export function amari(ours: Matrix, expected: Matrix): number {
  const unit = (m: Matrix): Matrix => {
    const norms = columnNorms(m);
    return createMatrix(
      m.rows,
      m.cols,
      m.data.map((v, at) => v / norms[at % m.cols]!),
    );
  };
  const p = leastSquares(unit(expected), unit(ours)).data.map(Math.abs);
  const n = expected.cols;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: n }, (_, j) => p[i * n + j]!);
    const column = Array.from({ length: n }, (_, j) => p[j * n + i]!);
    for (const line of [row, column]) sum += line.reduce((a, v) => a + v, 0) / Math.max(...line) - 1;
  }
  return sum / (2 * n * (n - 1));
}
