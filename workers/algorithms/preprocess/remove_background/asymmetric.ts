import type { Background } from './power-law.ts';

/** It settles in a few steps: weights have only two values. */
const mostSteps = 50;

/**
 * Asymmetric least squares: z minimises Σ w (x − z)² + λ Σ (z[i−1] − 2 z[i] + z[i+1])², with w = p where x > z and 1 − p
 * elsewhere, until no weight changes. The matrix has five diagonals: a band Cholesky solves it in time ∝ channels.
 * @see P. H. C. Eilers, Analytical Chemistry 75, 3631 (2003)
 */
export function asymmetric(channels: number, lambda: number, p: number): Background {
  const n = channels;
  if (n < 3) return (spectrum, out) => out.set(spectrum);
  // λ DᵀD: diagonal, first and second off-diagonal
  const d0 = new Float64Array(n);
  const d1 = new Float64Array(n);
  const d2 = new Float64Array(n);
  for (let i = 0; i + 2 < n; i++) {
    const row = [1, -2, 1];
    for (let a = 0; a < 3; a++) {
      d0[i + a] = d0[i + a]! + lambda * row[a]! * row[a]!;
      if (a < 2) d1[i + a] = d1[i + a]! + lambda * row[a]! * row[a + 1]!;
    }
    d2[i] = lambda;
  }
  const weights = new Float64Array(n);
  const diagonal = new Float64Array(n);
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  const y = new Float64Array(n);

  /** Solves (W + λ DᵀD) z = W x by L D Lᵀ. */
  const solve = (spectrum: Float64Array, z: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      const [a, b] = [i > 0 ? first[i - 1]! : 0, i > 1 ? second[i - 2]! : 0];
      const [da, db] = [i > 0 ? diagonal[i - 1]! : 0, i > 1 ? diagonal[i - 2]! : 0];
      diagonal[i] = weights[i]! + d0[i]! - a * a * da - b * b * db;
      first[i] = (d1[i]! - (i > 0 ? second[i - 1]! * first[i - 1]! * da : 0)) / diagonal[i]!;
      second[i] = d2[i]! / diagonal[i]!;
      y[i] = weights[i]! * spectrum[i]! - a * (i > 0 ? y[i - 1]! : 0) - b * (i > 1 ? y[i - 2]! : 0);
    }
    for (let i = n - 1; i >= 0; i--) {
      z[i] = y[i]! / diagonal[i]! - first[i]! * (i + 1 < n ? z[i + 1]! : 0) - second[i]! * (i + 2 < n ? z[i + 2]! : 0);
    }
  };

  return (spectrum, out) => {
    weights.fill(1);
    solve(spectrum, out);
    for (let k = 0; k < mostSteps; k++) {
      let changed = false;
      for (let i = 0; i < n; i++) {
        const weight = spectrum[i]! > out[i]! ? p : 1 - p;
        if (weight !== weights[i]) changed = true;
        weights[i] = weight;
      }
      if (!changed) break;
      solve(spectrum, out);
    }
  };
}
