import { EigenscopeError } from '../model/errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Check } from './control-check.ts';

/** Off-diagonals below this share of the norm count as zero: far below the rounding of the reduction. */
const floorShare = 1e-18;
/** Pairs of recorded rotations held at once, 16 bytes each. */
const recordedPairs = 2 ** 21;
const sweepsPerCall = 1024;
/** Values touched by one call of the panel kernel: about 0.1 s. */
const workPerCall = 5e7;

/**
 * Eigenvalues of the symmetric tridiagonal matrix (d, e), overwritten: d holds them on return, in no order.
 *
 * @param rows where eigenvectors are wanted, `count` columns of n rows (leading dimension ld bytes) at this address are
 *   rotated along: rows that hold Qᵀ on entry hold the eigenvectors on return, row i belonging to d[i]. 0 for values only.
 */
export function tridiagonalQl(
  k: Kernels,
  n: number,
  d: number,
  e: number,
  norm: number,
  check: Check,
  rows = 0,
  ld = n * 8,
  count = n,
): void {
  k.scope((allocate) => {
    const state = allocate(16);
    k.i32(state, 2).fill(0);
    const capacity = Math.max(recordedPairs, 2 * n);
    const headers = rows === 0 ? 0 : allocate(sweepsPerCall * 8);
    const panel = rows === 0 ? 0 : allocate(8 * n * 8);
    const rotations = rows === 0 ? 0 : allocate(Math.min(capacity, sweepsPerCall * n) * 16);
    const places = Math.min(capacity, sweepsPerCall * n);
    for (;;) {
      check();
      const sweeps = k.run.qlSweeps(n, d, e, rotations, headers, places, sweepsPerCall, floorShare * norm, state);
      if (sweeps < 0) {
        throw new EigenscopeError('did-not-converge', 'The eigenvalue iteration did not converge.', { size: n });
      }
      if (rows !== 0 && sweeps > 0) {
        const pairs = k.i32(headers, 2 * sweeps).reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0);
        const width = Math.max(8, Math.floor(workPerCall / Math.max(pairs, 1) / 8) * 8);
        for (let from = 0; from < count; from += width) {
          check();
          k.run.applyRotations(n, sweeps, rotations, headers, rows, ld, from, Math.min(from + width, count), panel);
        }
      }
      if (k.i32(state, 1)[0]! >= n) return;
    }
  });
}
