import { multiply } from '../../../linalg/gemm.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { createMatrix, identity, transpose, type Matrix } from '../../../linalg/matrix.ts';
import { svdThin } from '../../../linalg/svd.ts';
import { loadSamples } from '../pipeline/contrast.ts';

export interface OrthomaxOptions {
  gamma: number;
  tol: number;
  maxIter: number;
  /** true to stop and keep the rotation so far */
  step(iteration: number, objective: number): boolean;
}

export interface Rotated {
  /** V [k × k]: the rotated columns are Y V */
  rotation: Matrix;
  iterations: number;
  converged: boolean;
}

/**
 * For 0 ≤ γ ≤ 1: V ← P Qᵀ of G = Yᵀ(n R³ − γ R diag(Σ R²)) = P Σ Qᵀ with R = Y V, until tr Σ stands still. R is never made:
 * Yᵀ R³ are means of cubes over the samples, and the second term follows from YᵀY.
 * @see Jennrich, Psychometrika 66, 289 (2001)
 */
export function rotateTogether(y: Matrix, { gamma, tol, maxIter, step }: OrthomaxOptions): Rotated {
  const { rows: n, cols: k } = y;
  const gram = createMatrix(k, k, gramOf(y.data, k));
  const samples = loadSamples(y);
  let rotation = identity(k);
  let [before, iterations, converged] = [0, 0, false];
  try {
    while (iterations < maxIter && !converged) {
      const { products } = samples.means('cube', 1, transpose(rotation));
      const gramRotated = multiply(gram, rotation);
      const squares = new Float64Array(k);
      for (let at = 0; at < k * k; at++) squares[at % k]! += rotation.data[at]! * gramRotated.data[at]!;
      const slope = createMatrix(k, k);
      for (let at = 0; at < k * k; at++) {
        const [row, column] = [Math.floor(at / k), at % k];
        slope.data[at] = n * n * products.data[column * k + row]! - gamma * gramRotated.data[at]! * squares[column]!;
      }
      const { u, s, v } = svdThin(slope);
      rotation = multiply(u, v, { transposeB: true });
      const objective = s.reduce((sum, value) => sum + value, 0);
      iterations++;
      converged = Math.abs(objective - before) < tol * objective || objective === 0;
      before = objective;
      if (step(iterations, objective) && !converged) break;
    }
  } finally {
    samples.free();
  }
  return { rotation, iterations, converged };
}

/**
 * For any γ: sweeps over pairs of columns, each turned to the largest orthomax criterion of the pair, until no angle is
 * larger than `tol`. The objective is Σ R⁴ − γ/n Σ_columns (Σ R²)².
 * @see Kaiser, Psychometrika 23, 187 (1958), generalised as in Harman, Modern Factor Analysis, 3rd ed., 14.4
 */
export function rotatePairs(y: Matrix, { gamma, tol, maxIter, step }: OrthomaxOptions): Rotated {
  const { rows: n, cols: k } = y;
  const columns = Array.from({ length: k }, (_, c) => Float64Array.from({ length: n }, (_, t) => y.data[t * k + c]!));
  const turned = identity(k);
  const rows = Array.from({ length: k }, (_, c) => turned.data.subarray(c * k, (c + 1) * k));
  let [iterations, converged] = [0, false];
  while (iterations < maxIter && !converged) {
    let largest = 0;
    for (let i = 0; i < k - 1; i++) {
      for (let j = i + 1; j < k; j++) {
        const angle = pairAngle(columns[i]!, columns[j]!, gamma);
        largest = Math.max(largest, Math.abs(angle));
        turn(columns[i]!, columns[j]!, angle);
        turn(rows[i]!, rows[j]!, angle);
      }
    }
    iterations++;
    converged = largest < tol;
    if (step(iterations, criterion(columns, gamma)) && !converged) break;
  }
  // the rows hold Vᵀ
  const rotation = createMatrix(k, k);
  for (let i = 0; i < k; i++) for (let c = 0; c < k; c++) rotation.data[c * k + i] = turned.data[i * k + c]!;
  return { rotation, iterations, converged };
}

/** Columns a' = c a + s b, b' = c b − s a. */
function pairAngle(a: Float64Array, b: Float64Array, gamma: number): number {
  let [su, sv, uu, vv, uv] = [0, 0, 0, 0, 0];
  for (let t = 0; t < a.length; t++) {
    const u = a[t]! ** 2 - b[t]! ** 2;
    const v = 2 * a[t]! * b[t]!;
    su += u;
    sv += v;
    uu += u * u;
    vv += v * v;
    uv += u * v;
  }
  const n = a.length;
  return Math.atan2(2 * uv - (2 * gamma * su * sv) / n, uu - vv - (gamma * (su * su - sv * sv)) / n) / 4;
}

function turn(a: Float64Array, b: Float64Array, angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let t = 0; t < a.length; t++) {
    const [x, y] = [a[t]!, b[t]!];
    a[t] = cos * x + sin * y;
    b[t] = cos * y - sin * x;
  }
}

/** Σ R⁴ − γ/n Σ (Σ R²)² */
export function criterion(columns: readonly Float64Array[], gamma: number): number {
  let sum = 0;
  for (const column of columns) {
    let [squares, fourths] = [0, 0];
    for (const value of column) {
      squares += value * value;
      fourths += value ** 4;
    }
    sum += fourths - (gamma * squares * squares) / column.length;
  }
  return sum;
}
