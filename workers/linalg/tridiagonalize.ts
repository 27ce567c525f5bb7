import type { Kernels } from '../kernels/kernels.ts';
import type { Check } from './control-check.ts';

/** A = Q T Qᵀ in kernel memory, T tridiagonal; see assembly/tridiagonal.ts for the layout of the reflectors. */
export interface Reduction {
  n: number;
  /** n × n values: reflector j in row j, columns 0 … j − 1 */
  reflectors: number;
  tau: number;
  /** n values */
  diagonal: number;
  /** n values, [i] couples i and i + 1; the last is 0 */
  offDiagonal: number;
}

/** Multiplications of one call: about 0.1 s. */
const workPerCall = 4e8;

/**
 * Reduces the symmetric matrix at `a` (n × n, lower triangle used, entries of about 1 at most), overwriting it.
 * All other memory comes from `allocate`.
 */
export function tridiagonalize(
  k: Kernels,
  n: number,
  a: number,
  allocate: (bytes: number) => number,
  check: Check,
): Reduction {
  const [diagonal, offDiagonal, tau] = [allocate(n * 8), allocate(n * 8), allocate(n * 8)];
  k.f64(offDiagonal, n).fill(0);
  k.f64(tau, n).fill(0);
  k.scope((temporary) => {
    const work = temporary((4 * n + 2) * 8);
    k.f64(work, 4 * n + 2).fill(0);
    for (let from = n - 1; from >= 1;) {
      check();
      const to = Math.max(1, from + 1 - Math.max(1, Math.floor(workPerCall / (2 * from * from))));
      k.run.tridiagonalSteps(n, a, n * 8, diagonal, offDiagonal, tau, work, from, to);
      from = to - 1;
    }
    k.run.tridiagonalEnd(n, a, diagonal, work);
  });
  return { n, reflectors: a, tau, diagonal, offDiagonal };
}
