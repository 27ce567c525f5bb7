import type { Kernels } from '../kernels/kernels.ts';
import { backTransform, reflectorsOf } from './back-transform.ts';
import type { Check } from './control-check.ts';
import type { Eigen } from './eigh.ts';
import { createMatrix, transpose } from './matrix.ts';
import { createRandom } from './random.ts';
import { tridiagonalQl } from './tridiagonal-ql.ts';
import type { Reduction } from './tridiagonalize.ts';

const epsilon = 2 ** -52;
/** Vectors whose values are closer than this share of the norm are made orthogonal to each other (Parlett; LAPACK). */
const clusterShare = 1e-3;
const orthogonality = 1e-10;

/**
 * The `wanted` largest eigenpairs: values by QL, vectors by inverse iteration with orthogonalisation inside clusters,
 * then back-transformation. Leaves the reduction as it was.
 *
 * @returns null when the vectors do not reach 1e-10 orthogonality or their residual is not small: take the full solution.
 */
export function topVectors(k: Kernels, reduction: Reduction, wanted: number, check: Check): Eigen | null {
  const { n, diagonal, offDiagonal } = reduction;
  return k.scope((allocate) => {
    const d = allocate(n * 8);
    const e = allocate(n * 8);
    k.f64(d, n).set(k.f64(diagonal, n));
    k.f64(e, n).set(k.f64(offDiagonal, n));
    const norm = tridiagonalNorm(k.f64(d, n), k.f64(e, n));
    tridiagonalQl(k, n, d, e, 1, check);
    const values = k.f64(d, n).slice().sort().reverse().slice(0, wanted);

    const x = allocate(wanted * n * 8);
    const work = allocate(5 * n * 8);
    const random = createRandom(1);
    let clusterStart = 0;
    let previous = Infinity;
    for (let i = 0; i < wanted; i++) {
      check();
      const value = values[i]!;
      if (i > 0 && values[i - 1]! - value > clusterShare * norm) clusterStart = i;
      // equal values are pulled apart a little, so that each start is amplified differently (as LAPACK dstein does)
      const apart = 10 * epsilon * norm;
      const shift = i > clusterStart && previous - value < apart ? previous - apart : value;
      previous = shift;
      const start = k.f64(x + i * n * 8, n);
      for (let q = 0; q < n; q++) start[q] = random.uniform() - 0.5;
      const address = x + i * n * 8;
      k.run.inverseIteration(
        n,
        diagonal,
        offDiagonal,
        shift,
        address,
        n * 8,
        i - clusterStart,
        epsilon * norm,
        4,
        work,
      );
    }
    if (!isEigenbasis(k, reduction, values, x, norm)) return null;
    backTransform(k, reflectorsOf(k, reduction), x, wanted, check);
    const vectors = transpose(createMatrix(wanted, n, k.f64(x, wanted * n)));
    return { values, vectors };
  });
}

function tridiagonalNorm(d: Float64Array, e: Float64Array): number {
  let norm = 0;
  for (let i = 0; i < d.length; i++) {
    norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i]!) + (i > 0 ? Math.abs(e[i - 1]!) : 0));
  }
  return norm;
}

/** Whether T x = λ x to rounding and the rows of x are orthonormal to 1e-10. */
export function isEigenbasis(
  k: Kernels,
  { n, diagonal, offDiagonal }: Reduction,
  values: Float64Array,
  x: number,
  norm: number,
): boolean {
  const count = values.length;
  const d = k.f64(diagonal, n);
  const e = k.f64(offDiagonal, n);
  const rows = k.f64(x, count * n);
  // 1e-13 · n is a hundred times what a good vector leaves
  const allowed = 1e-14 * Math.max(n, 100) * norm;
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    for (let q = 0; q < n; q++) {
      let residual = (d[q]! - values[i]!) * row[q]!;
      if (q > 0) residual += e[q - 1]! * row[q - 1]!;
      if (q < n - 1) residual += e[q]! * row[q + 1]!;
      if (!(Math.abs(residual) <= allowed)) return false;
    }
  }
  return k.scope((allocate) => {
    const products = allocate(count * count * 8);
    const scratch = allocate(k.run.scratch64(count));
    k.f64(products, count * count).fill(0);
    k.run.gemm64(count, count, n, x, n * 8, false, x, n * 8, true, products, count * 8, scratch);
    return k
      .f64(products, count * count)
      .every((value, i) => Math.abs(value - (i % (count + 1) === 0 ? 1 : 0)) <= orthogonality);
  });
}
