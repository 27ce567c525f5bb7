import { eigenvalues } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import type { Random } from '../../../linalg/random.ts';

/**
 * Eigenvalues, descending, of ZᵀZ for n × m normal noise Z whose columns have these variances, n ≥ m. Z itself is not
 * made: ZᵀZ = D L Lᵀ D with a triangular L of m × m random numbers has the same distribution.
 * @see Bartlett, Proc. R. Soc. Edinburgh 53, 260 (1933)
 */
export function noiseEigenvalues(
  variances: Float64Array,
  rows: number,
  random: Random,
  check: () => void,
): Float64Array {
  const m = variances.length;
  const root = createMatrix(m, m);
  for (let i = 0; i < m; i++) {
    const scale = Math.sqrt(variances[i]!);
    for (let j = 0; j < i; j++) root.data[i * m + j] = scale * random.gaussian();
    root.data[i * m + i] = scale * Math.sqrt(chiSquare(Math.max(1, rows - i), random));
  }
  return eigenvalues(multiply(root, root, { transposeB: true, check }), check);
}

/**
 * A χ² random number of `degrees` ≥ 1 degrees of freedom.
 * @see Marsaglia & Tsang, ACM Trans. Math. Softw. 26, 363 (2000)
 */
export function chiSquare(degrees: number, random: Random): number {
  // one degree is below the range of the method: a square more than two less
  if (degrees < 2) return random.gaussian() ** 2;
  const d = degrees / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.gaussian();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.uniform();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return 2 * d * v;
  }
}
