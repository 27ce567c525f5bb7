/** What is left of diag(values) + rho z zᵀ after the trivial eigenpairs are taken out. Indices are those of `values`. */
export interface Deflation {
  values: Float64Array;
  z: Float64Array;
  rho: number;
  /** indices whose pairs must be computed, values ascending and clearly distinct */
  kept: number[];
  /** the kept ones again, by where their vectors live: first part, both, second part */
  top: number[];
  mixed: number[];
  bottom: number[];
  /** their values and vectors are already final */
  deflated: number[];
}

const epsilon = 2 ** -53;

/**
 * Takes out eigenpairs that the update does not change to rounding: where z is negligible, and, after a rotation that
 * makes it so, where two values are too close. `values` and `z` are changed.
 *
 * @param split indices below it belong to the first part
 * @param rotate called with (p, q, c, s) for vectors: p ← c p + s q, q ← c q − s p
 * @see LAPACK's dlaed2; Dongarra & Sorensen, SIAM J. Sci. Stat. Comput. 8, s139 (1987).
 */
export function deflate(
  values: Float64Array,
  z: Float64Array,
  rho: number,
  split: number,
  rotate: (p: number, q: number, c: number, s: number) => void,
): Deflation {
  const size = values.length;
  const order = Array.from({ length: size }, (_, i) => i).sort((p, q) => values[p]! - values[q]! || p - q);
  const largest = (x: Float64Array): number => x.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const tolerance = 8 * epsilon * Math.max(largest(values), largest(z));
  const isMixed = new Uint8Array(size);
  const kept: number[] = [];
  const deflated: number[] = [];
  let candidate = -1;
  for (const i of order) {
    if (rho * Math.abs(z[i]!) <= tolerance) {
      deflated.push(i);
      continue;
    }
    if (candidate < 0) {
      candidate = i;
      continue;
    }
    const p = candidate;
    const length = Math.hypot(z[i]!, z[p]!);
    const c = z[i]! / length;
    const s = -z[p]! / length;
    const gap = values[i]! - values[p]!;
    if (Math.abs(gap * c * s) <= tolerance) {
      z[i] = length;
      z[p] = 0;
      if (isMixed[i] !== isMixed[p] || i < split !== p < split) isMixed[i] = isMixed[p] = 1;
      rotate(p, i, c, s);
      const [dp, di] = [values[p]!, values[i]!];
      values[p] = dp * c * c + di * s * s;
      values[i] = dp * s * s + di * c * c;
      deflated.push(p);
    } else kept.push(p);
    candidate = i;
  }
  if (candidate >= 0) kept.push(candidate);
  return {
    values,
    z,
    rho,
    kept,
    top: kept.filter((i) => !isMixed[i] && i < split),
    mixed: kept.filter((i) => isMixed[i]),
    bottom: kept.filter((i) => !isMixed[i] && i >= split),
    deflated,
  };
}
