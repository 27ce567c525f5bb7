/** Σ_i a_ij b_ij for each column j of two row-major matrices of k columns. */
export function columnDots(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const sums = new Float64Array(k);
  for (let at = 0; at < a.length; at += k) for (let j = 0; j < k; j++) sums[j]! += a[at + j]! * b[at + j]!;
  return sums;
}

/**
 * ½‖A − W Hᵀ‖² without another look at A: ½‖A‖² − Σ_j captured_j + ½ Σ (WᵀW)∘(HᵀH).
 * @param energy ‖A‖²
 * @param captured Σ_i W_ij (A H)_ij = Σ_i (AᵀW)_ij H_ij for each component j
 */
export function squaredErrorFrom(
  energy: number,
  captured: Float64Array,
  gramW: Float64Array,
  gramH: Float64Array,
): number {
  let error = 0.5 * energy;
  for (const value of captured) error -= value;
  for (let i = 0; i < gramW.length; i++) error += 0.5 * gramW[i]! * gramH[i]!;
  return Math.max(0, error);
}
