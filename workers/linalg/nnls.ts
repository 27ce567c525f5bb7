import { EigenscopeError } from '../model/errors.ts';
import { solveCholesky, tryCholesky } from './cholesky.ts';
import { neverCancelled } from './control-check.ts';
import type { Check } from './control-check.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/** Factorised systems of passive sets kept for other right-hand sides: neighbouring pixels share them. */
const keptFactors = 2000;

/**
 * Non-negative least squares on the normal equations: for every row hᵢ of `right` the x ≥ 0 that minimises
 * xᵀG x / 2 − hᵢ·x, which is ‖A x − bᵢ‖² for G = AᵀA and hᵢ = Aᵀbᵢ.
 *
 * @param gram G, k × k, symmetric positive semidefinite; dependent columns are allowed
 * @param right count × k
 * @returns count × k, no entry negative
 * @throws EigenscopeError `shape-mismatch`; `did-not-converge` (never seen) after 30 k steps.
 * @see Lawson & Hanson, Solving Least Squares Problems, ch. 23; Bro & de Jong, J. Chemometrics 11, 393 (1997).
 */
export function nnls(gram: Matrix, right: Matrix, check: Check = neverCancelled): Matrix {
  const k = gram.rows;
  if (gram.cols !== k || right.cols !== k) {
    throw new EigenscopeError(
      'shape-mismatch',
      `Non-negative least squares need a square matrix and right-hand sides of its size; got ${k} × ${gram.cols} and ${right.cols}.`,
      { rows: k, cols: gram.cols, rightCols: right.cols },
    );
  }
  const out = createMatrix(right.rows, k);
  const factors = new Map<string, Matrix | null>();
  for (let row = 0; row < right.rows; row++) {
    if (row % 256 === 0) check();
    solveOne(gram, right.data.subarray(row * k, (row + 1) * k), out.data.subarray(row * k, (row + 1) * k), factors);
  }
  return out;
}

function solveOne(gram: Matrix, h: Float64Array, x: Float64Array, factors: Map<string, Matrix | null>): void {
  const k = h.length;
  const passive = new Uint8Array(k);
  const refused = new Uint8Array(k);
  const largest = h.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const tolerance = 16 * k * 2 ** -52 * largest;
  for (let step = 0; ; step++) {
    if (step > 30 * k + 30) {
      throw new EigenscopeError('did-not-converge', `Non-negative least squares did not settle in ${step} steps.`, {
        step,
      });
    }
    const entering = steepest(gram, h, x, passive, refused, tolerance);
    if (entering < 0) return;
    passive[entering] = 1;
    let solution = solvePassive(gram, h, passive, factors);
    // a column that depends on the passive ones, or whose value would not be positive, cannot improve the fit
    if (!solution || !(solution[entering]! > 0)) {
      passive[entering] = 0;
      refused[entering] = 1;
      continue;
    }
    refused.fill(0);
    for (;;) {
      let share = 1;
      let leaving = -1;
      for (let j = 0; j < k; j++) {
        if (passive[j] && solution[j]! <= 0) {
          const ratio = x[j]! / (x[j]! - solution[j]!);
          if (leaving < 0 || ratio < share) [share, leaving] = [ratio, j];
        }
      }
      for (let j = 0; j < k; j++) if (passive[j]) x[j]! += share * (solution[j]! - x[j]!);
      if (leaving < 0) break;
      for (let j = 0; j < k; j++) {
        if (passive[j] && (j === leaving || (x[j]! <= 0 && solution[j]! <= 0))) {
          passive[j] = 0;
          x[j] = 0;
        }
      }
      const next = solvePassive(gram, h, passive, factors);
      if (!next) return;
      solution = next;
    }
  }
}

/** The variable at zero whose increase lowers the objective fastest; −1 when none does. */
function steepest(
  gram: Matrix,
  h: Float64Array,
  x: Float64Array,
  passive: Uint8Array,
  refused: Uint8Array,
  tolerance: number,
): number {
  const k = h.length;
  let best = -1;
  let slope = tolerance;
  for (let j = 0; j < k; j++) {
    if (passive[j] || refused[j]) continue;
    let w = h[j]!;
    for (let q = 0; q < k; q++) w -= gram.data[j * k + q]! * x[q]!;
    if (w > slope) [best, slope] = [j, w];
  }
  return best;
}

/** Unconstrained solution on the passive variables, zero elsewhere; null when their columns depend on each other. */
function solvePassive(
  gram: Matrix,
  h: Float64Array,
  passive: Uint8Array,
  factors: Map<string, Matrix | null>,
): Float64Array | null {
  const k = h.length;
  const chosen: number[] = [];
  for (let j = 0; j < k; j++) if (passive[j]) chosen.push(j);
  const key = chosen.join();
  let factor = factors.get(key);
  if (factor === undefined) {
    const sub = createMatrix(chosen.length, chosen.length);
    chosen.forEach((p, i) => chosen.forEach((q, j) => (sub.data[i * chosen.length + j] = gram.data[p * k + q]!)));
    factor = tryCholesky(sub);
    if (factors.size >= keptFactors) factors.clear();
    factors.set(key, factor);
  }
  if (!factor) return null;
  const values = Float64Array.from(chosen, (j) => h[j]!);
  solveCholesky(factor, values);
  const solution = new Float64Array(k);
  chosen.forEach((j, i) => (solution[j] = values[i]!));
  return solution;
}
