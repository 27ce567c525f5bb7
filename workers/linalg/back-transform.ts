import type { Kernels } from '../kernels/kernels.ts';
import type { Check } from './control-check.ts';
import type { Reduction } from './tridiagonalize.ts';

/** Reflectors gathered into one product of matrices. */
const blockSize = 64;

/**
 * Turns `count` eigenvectors of T, rows of n values at `x`, into eigenvectors of A: x ← x · H₁ H₂ … Hₙ₋₁. Reflectors are
 * gathered as I − UᵀSU (the compact WY form of Schreiber & Van Loan 1989), so nearly all work is in matrix products.
 * Rows are independent: any range of them may be done on any thread that has the reflectors.
 */
export function backTransform(k: Kernels, reduction: Reduction, x: number, count: number, check: Check): void {
  const { n } = reduction;
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
      copyReflectors(k, reduction, first, size, u);
      k.f64(s, size * size).fill(0);
      k.run.gemm64(size, size, length, u, ld, false, u, ld, true, s, size * 8, scratch);
      const tau = k.f64(reduction.tau, n).subarray(first, first + size);
      negativeTriangle(k.f64(s, size * size), tau, size);
      k.f64(product, count * size).fill(0);
      k.f64(factor, count * size).fill(0);
      k.run.gemm64(count, size, length, x, ld, false, u, ld, true, product, size * 8, scratch);
      k.run.gemm64(count, size, size, product, size * 8, false, s, size * 8, false, factor, size * 8, scratch);
      k.run.gemm64(count, length, size, factor, size * 8, false, u, ld, false, x, ld, scratch);
    }
  });
}

/** Rows first … first + size − 1 of the reflectors, zeros right of each reflector's own end. */
function copyReflectors(k: Kernels, { n, reflectors }: Reduction, first: number, size: number, to: number): void {
  for (let i = 0; i < size; i++) {
    const row = k.f64(to + i * n * 8, n).fill(0);
    row.set(k.f64(reflectors + (first + i) * n * 8, first + i));
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
