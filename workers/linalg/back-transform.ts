import type { Kernels } from '../kernels/kernels.ts';
import type { Check } from './control-check.ts';
import type { Reduction } from './tridiagonalize.ts';

/** Reflectors gathered into one product of matrices. */
const blockSize = 64;

/** The reflectors of a reduction, wherever they are. */
export interface Reflectors {
  n: number;
  /** the first j values of reflector j */
  row(j: number): Float64Array;
  tau(): Float64Array;
}

export const reflectorsOf = (k: Kernels, { n, reflectors, tau }: Reduction): Reflectors => ({
  n,
  row: (j) => k.f64(reflectors + j * n * 8, j),
  tau: () => k.f64(tau, n),
});

/**
 * Turns `count` eigenvectors of T, rows of n values at `x`, into eigenvectors of A: x ← x · H₁ H₂ … Hₙ₋₁. Reflectors are
 * gathered as I − UᵀSU (the compact WY form of Schreiber & Van Loan 1989), so nearly all work is in matrix products.
 * Rows are independent: any range of them may be done on any thread that has the reflectors.
 */
export function backTransform(k: Kernels, reflectors: Reflectors, x: number, count: number, check: Check): void {
  const { n } = reflectors;
  k.scope((allocate) => {
    const u = allocate(blockSize * n * 8);
    const s = allocate(blockSize * blockSize * 8);
    const product = allocate(count * blockSize * 8);
    const factor = allocate(count * blockSize * 8);
    const scratch = allocate(k.run.scratch64(n));
    const ld = n * 8;
    for (let first = 1; first < n; first += blockSize) {
      check();
      const size = Math.min(blockSize, n - first);
      const length = first + size - 1;
      copyReflectors(k, reflectors, first, size, u);
      k.f64(s, size * size).fill(0);
      k.run.gemm64(size, size, length, u, ld, false, u, ld, true, s, size * 8, scratch);
      negativeTriangle(k.f64(s, size * size), reflectors.tau().subarray(first, first + size), size);
      k.f64(product, count * size).fill(0);
      k.f64(factor, count * size).fill(0);
      k.run.gemm64(count, size, length, x, ld, false, u, ld, true, product, size * 8, scratch);
      k.run.gemm64(count, size, size, product, size * 8, false, s, size * 8, false, factor, size * 8, scratch);
      k.run.gemm64(count, length, size, factor, size * 8, false, u, ld, false, x, ld, scratch);
    }
  });
}

/** Rows first … first + size − 1 of the reflectors, zeros right of each reflector's own end. */
function copyReflectors(k: Kernels, { n, row: rowOf }: Reflectors, first: number, size: number, to: number): void {
  for (let i = 0; i < size; i++) {
    const row = k.f64(to + i * n * 8, n).fill(0);
    row.set(rowOf(first + i));
  }
}

/** Replaces U Uᵀ (size × size) by −S, S upper triangular, for which H₁ … H_size = I − Uᵀ S U. */
function negativeTriangle(s: Float64Array, tau: Float64Array, size: number): void {
  const t = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const f = tau[j]!;
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let q = i; q < j; q++) sum += t[i * size + q]! * s[q * size + j]!;
      t[i * size + j] = -f * sum;
    }
    t[j * size + j] = f;
  }
  for (let i = 0; i < t.length; i++) s[i] = -t[i]!;
}
