import { EigenscopeError } from '../model/errors.ts';
import { multiply } from './gemm.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { svdThin } from './svd.ts';
import type { Svd } from './svd.ts';

/** Share of the largest singular value below which one counts as zero. */
const defaultCutoff = (a: Matrix): number => Math.max(a.rows, a.cols) * 2 ** -52;

/**
 * Moore–Penrose inverse, n × m, of A, m × n.
 * @param cutoff singular values up to this share of the largest count as zero; max(m, n) · 2⁻⁵² by default
 */
export function pinv(a: Matrix, cutoff = defaultCutoff(a)): Matrix {
  const svd = svdThin(a);
  return multiply(dividedByValues(svd, cutoff), svd.u, { transposeB: true });
}

/**
 * X (n × k) of least length among those that minimise ‖A X − B‖_F; A is m × n of any rank, B m × k.
 * @throws EigenscopeError `shape-mismatch`, `not-finite`
 */
export function leastSquares(a: Matrix, b: Matrix, cutoff = defaultCutoff(a)): Matrix {
  if (b.rows !== a.rows) {
    throw new EigenscopeError(
      'shape-mismatch',
      `Least squares need as many rows on both sides; got ${a.rows} and ${b.rows}.`,
      {
        rows: a.rows,
        rightRows: b.rows,
      },
    );
  }
  const svd = svdThin(a);
  return multiply(dividedByValues(svd, cutoff), multiply(svd.u, b, { transposeA: true }));
}

/** V diag(1 / s), zero where s counts as zero. */
function dividedByValues({ s, v }: Svd, cutoff: number): Matrix {
  const least = cutoff * (s[0] ?? 0);
  const out = createMatrix(v.rows, v.cols);
  for (let i = 0; i < v.rows; i++) {
    for (let j = 0; j < v.cols; j++) out.data[i * v.cols + j] = s[j]! > least ? v.data[i * v.cols + j]! / s[j]! : 0;
  }
  return out;
}
