import type { LineFilter } from './lines.ts';

/**
 * Weights that give the derivative (order 0: the value) at `place` of the polynomial fitted to a window by least
 * squares, unit spacing: row `derivative` of the pseudo-inverse of the Vandermonde matrix around `place`, times its
 * factorial. Solved by orthogonal polynomials (Gram–Schmidt), which stays accurate for every order in use.
 */
function weightsAt(window: number, order: number, derivative: number, place: number): Float64Array {
  // orthonormal polynomials on the window, with their derivatives at `place` carried along
  const basis: Float64Array[] = [];
  const known: number[][] = [];
  const half = (window - 1) / 2;
  for (let degree = 0; degree <= order; degree++) {
    // t^degree with t = (i − place) / half, so that numbers stay near 1
    const scale = Math.max(1, half);
    const vector = Float64Array.from({ length: window }, (_, i) => ((i - place) / scale) ** degree);
    // its derivatives at t = 0, in units of index
    const at = Array.from({ length: derivative + 1 }, (_, d) => (d === degree ? factorial(d) / scale ** d : 0));
    for (let pass = 0; pass < 2; pass++) {
      for (const [k, other] of basis.entries()) {
        let dot = 0;
        for (let i = 0; i < window; i++) dot += vector[i]! * other[i]!;
        for (let i = 0; i < window; i++) vector[i] = vector[i]! - dot * other[i]!;
        for (let d = 0; d <= derivative; d++) at[d] = at[d]! - dot * known[k]![d]!;
      }
    }
    const norm = Math.hypot(...vector);
    basis.push(vector.map((v) => v / norm));
    known.push(at.map((v) => v / norm));
  }
  const weights = new Float64Array(window);
  for (const [k, vector] of basis.entries()) {
    for (let i = 0; i < window; i++) weights[i] = weights[i]! + known[k]![derivative]! * vector[i]!;
  }
  return weights;
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

/**
 * Savitzky–Golay filter: the value or a derivative of a polynomial fitted to a moving window. At the edges the polynomial
 * of the first or last full window goes on (SciPy's `interp`). Derivatives are per index.
 * @param window odd, at most the length of the line; order < window
 * @see A. Savitzky, M. J. E. Golay, Analytical Chemistry 36, 1627 (1964)
 */
export function savitzkyGolay(length: number, window: number, order: number, derivative: number): LineFilter {
  const half = (window - 1) / 2;
  const middle = weightsAt(window, order, derivative, half);
  const edges = Array.from({ length: half }, (_, i) => weightsAt(window, order, derivative, i));
  const endings = Array.from({ length: half }, (_, i) => weightsAt(window, order, derivative, half + 1 + i));
  const apply = (line: Float64Array, from: number, weights: Float64Array): number => {
    let sum = 0;
    for (let k = 0; k < window; k++) sum += weights[k]! * line[from + k]!;
    return sum;
  };
  return (line, out) => {
    for (let i = 0; i < half; i++) {
      out[i] = apply(line, 0, edges[i]!);
      out[length - half + i] = apply(line, length - window, endings[i]!);
    }
    for (let i = half; i < length - half; i++) out[i] = apply(line, i - half, middle);
  };
}
