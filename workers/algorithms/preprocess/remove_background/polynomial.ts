import type { Background } from './power-law.ts';

/**
 * Polynomial fitted to the window by least squares and evaluated at all channels. The basis is made orthonormal on the
 * window (Gram–Schmidt, twice), so that high orders lose no digits.
 */
export function polynomial(x: Float64Array, first: number, end: number, order: number): Background {
  const middle = (x[first]! + x[end - 1]!) / 2;
  const half = Math.abs(x[end - 1]! - x[first]!) / 2 || 1;
  const basis: Float64Array[] = [];
  for (let degree = 0; degree <= order; degree++) {
    const vector = x.map((value) => ((value - middle) / half) ** degree);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        let dot = 0;
        for (let i = first; i < end; i++) dot += vector[i]! * other[i]!;
        for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! - dot * other[i]!;
      }
    }
    let norm = 0;
    for (let i = first; i < end; i++) norm += vector[i]! ** 2;
    const scale = 1 / Math.sqrt(norm);
    basis.push(vector.map((value) => value * scale));
  }
  return (spectrum, out) => {
    out.fill(0);
    for (const vector of basis) {
      let dot = 0;
      for (let i = first; i < end; i++) dot += vector[i]! * spectrum[i]!;
      for (let i = 0; i < out.length; i++) out[i] = out[i]! + dot * vector[i]!;
    }
  };
}
