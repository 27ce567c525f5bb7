/**
 * Cholesky factorization in place of the leading n × n block of a symmetric matrix (row-major, row length `ld`, lower
 * triangle used), for the tiny systems of a fit.
 * @returns false when a pivot is not clearly positive against its diagonal entry: the columns depend on each other
 */
export function factor(a: Float64Array, n: number, ld: number): boolean {
  for (let i = 0; i < n; i++) {
    const whole = a[i * ld + i]!;
    for (let j = 0; j <= i; j++) {
      let sum = a[i * ld + j]!;
      for (let q = 0; q < j; q++) sum -= a[i * ld + q]! * a[j * ld + q]!;
      if (j < i) a[i * ld + j] = sum / a[j * ld + j]!;
      else if (sum > 1e-13 * whole) a[i * ld + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** x ← L⁻¹ x */
export function solveLower(l: Float64Array, n: number, ld: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let q = 0; q < i; q++) sum -= l[i * ld + q]! * x[q]!;
    x[i] = sum / l[i * ld + i]!;
  }
}

/** x ← L⁻ᵀ x */
export function solveUpper(l: Float64Array, n: number, ld: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let q = i + 1; q < n; q++) sum -= l[q * ld + i]! * x[q]!;
    x[i] = sum / l[i * ld + i]!;
  }
}
