/** Steps are counted per unknown; more are never needed unless rounding makes a variable come and go. */
const mostSteps = 30;

/**
 * The x ≥ 0 that minimises ½ xᵀH x − b·x for a small symmetric positive definite H, by the active-set method of Lawson
 * & Hanson (Solving Least Squares Problems, ch. 23) started from a feasible x, whose support is usually right already.
 *
 * @param h k × k row-major, of which the lower triangle is read
 * @param x in: x ≥ 0 to start from; out: the solution
 */
export function createNonNegativeStep(k: number): (h: Float64Array, b: Float64Array, x: Float64Array) => void {
  const factor = new Float64Array(k * k);
  const trial = new Float64Array(k);
  const passive = new Int32Array(k);

  return (h, b, x) => {
    const at = (i: number, j: number): number => (i >= j ? h[i * k + j]! : h[j * k + i]!);
    let count = 0;
    for (let j = 0; j < k; j++) if (x[j]! > 0) passive[count++] = j;
    const largest = b.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    const tolerance = 16 * k * 2 ** -52 * largest;
    for (let step = 0; step < mostSteps * k + mostSteps; step++) {
      while (count > 0) {
        solvePassive(at, b, count);
        let share = 1;
        for (let p = 0; p < count; p++) {
          const value = x[passive[p]!]!;
          if (trial[p]! <= 0) share = Math.min(share, value / (value - trial[p]!));
        }
        let left = 0;
        for (let p = 0; p < count; p++) {
          const j = passive[p]!;
          const value = x[j]! + share * (trial[p]! - x[j]!);
          // the variable that stopped the step is at zero, up to rounding
          const stays = trial[p]! > 0 || (share < 1 && value > 2 ** -50 * Math.abs(x[j]! - trial[p]!));
          x[j] = stays ? value : 0;
          if (stays) passive[left++] = j;
        }
        if (left === count) break;
        count = left;
      }
      let entering = -1;
      let slope = tolerance;
      for (let j = 0; j < k; j++) {
        if (x[j]! > 0) continue;
        let w = b[j]!;
        for (let p = 0; p < count; p++) w -= at(j, passive[p]!) * x[passive[p]!]!;
        if (w > slope) [entering, slope] = [j, w];
      }
      if (entering < 0) return;
      // a first small step puts it inside, where the next solution starts
      x[entering] = Number.MIN_VALUE;
      passive[count++] = entering;
    }
  };

  /** Cholesky solution on the first `count` passive variables, to `trial`. */
  function solvePassive(at: (i: number, j: number) => number, b: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const row = passive[i]!;
      for (let j = 0; j <= i; j++) {
        let sum = at(row, passive[j]!);
        for (let q = 0; q < j; q++) sum -= factor[i * k + q]! * factor[j * k + q]!;
        if (j < i) factor[i * k + j] = sum / factor[j * k + j]!;
        // a direction that rounding has emptied gets no weight instead of an infinite one
        else factor[i * k + i] = sum > 2 ** -52 * at(row, row) ? Math.sqrt(sum) : Infinity;
      }
    }
    for (let i = 0; i < count; i++) {
      let sum = b[passive[i]!]!;
      for (let q = 0; q < i; q++) sum -= factor[i * k + q]! * trial[q]!;
      trial[i] = sum / factor[i * k + i]!;
    }
    for (let i = count - 1; i >= 0; i--) {
      let sum = trial[i]!;
      for (let q = i + 1; q < count; q++) sum -= factor[q * k + i]! * trial[q]!;
      trial[i] = sum / factor[i * k + i]!;
    }
  }
}
