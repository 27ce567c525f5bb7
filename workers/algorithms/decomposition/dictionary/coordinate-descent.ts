/** An entry that moves less than this share of the largest one no longer changes the solution. */
const settled = 1e-13;
const mostSweeps = 1000;

/**
 * min_c ½ cᵀKc − qᵀc + alpha ‖c‖₁, one entry after the other by soft thresholding, from the values in `codes` on until
 * nothing moves beyond rounding; false where that takes more than 1000 sweeps, because atoms nearly depend on each other.
 *
 * @param gram K [k × k], row-major; an entry whose K_rr is 0 becomes 0
 * @see Friedman, Hastie, Höfling & Tibshirani, Ann. Appl. Stat. 1, 302 (2007)
 */
export function descendCoordinates(
  gram: Float64Array,
  k: number,
  right: Float64Array,
  rightAt: number,
  alpha: number,
  codes: Float64Array,
  at: number,
): boolean {
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let moved = 0;
    let largest = 0;
    for (let r = 0; r < k; r++) {
      const own = gram[r * k + r]!;
      const old = codes[at + r]!;
      let pull = right[rightAt + r]! + own * old;
      for (let s = 0; s < k; s++) pull -= gram[r * k + s]! * codes[at + s]!;
      const size = Math.abs(pull) - alpha;
      const value = own > 0 && size > 0 ? (pull < 0 ? -size : size) / own : 0;
      codes[at + r] = value;
      moved = Math.max(moved, Math.abs(value - old));
      largest = Math.max(largest, Math.abs(value));
    }
    if (moved <= settled * largest) return true;
  }
  return false;
}
