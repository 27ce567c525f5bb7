import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';

/** Symmetric k × k matrices that rotations make as diagonal as possible together, and the rotation V so far. */
export interface JointProblem {
  k: number;
  /** the matrices, one after the other; changed in place */
  matrices: Float64Array;
  /** V [k × k]: the matrices are now Vᵀ C V */
  v: Matrix;
}

/** The rotation in the plane (p, q) that makes the off-diagonal entries of all matrices smallest. */
export interface PlaneRotation {
  angle: number;
  cos: number;
  sin: number;
}

/** @see Cardoso & Souloumiac, SIAM J. Matrix Anal. Appl. 17, 161 (1996) */
export function bestRotation({ k, matrices }: JointProblem, p: number, q: number): PlaneRotation {
  let [ton, toff] = [0, 0];
  for (let at = 0; at < matrices.length; at += k * k) {
    const difference = matrices[at + p * k + p]! - matrices[at + q * k + q]!;
    const sum = matrices[at + p * k + q]! + matrices[at + q * k + p]!;
    ton += difference * difference - sum * sum;
    toff += 2 * difference * sum;
  }
  const angle = toff === 0 && ton >= 0 ? 0 : 0.5 * Math.atan2(toff, ton + Math.hypot(ton, toff));
  return { angle, cos: Math.cos(angle), sin: Math.sin(angle) };
}

/** Columns (p, q) of V, and rows and columns (p, q) of every matrix. */
export function applyRotation(
  { k, matrices, v }: JointProblem,
  p: number,
  q: number,
  { cos, sin }: PlaneRotation,
): void {
  turnColumns(v.data, 0, k, k, p, q, cos, sin);
  for (let at = 0; at < matrices.length; at += k * k) {
    turnColumns(matrices, at, k, k, p, q, cos, sin);
    for (let c = 0; c < k; c++) {
      const [a, b] = [matrices[at + p * k + c]!, matrices[at + q * k + c]!];
      matrices[at + p * k + c] = cos * a + sin * b;
      matrices[at + q * k + c] = cos * b - sin * a;
    }
  }
}

function turnColumns(
  data: Float64Array,
  offset: number,
  rows: number,
  cols: number,
  p: number,
  q: number,
  cos: number,
  sin: number,
): void {
  for (let r = 0; r < rows; r++) {
    const at = offset + r * cols;
    const [a, b] = [data[at + p]!, data[at + q]!];
    data[at + p] = cos * a + sin * b;
    data[at + q] = cos * b - sin * a;
  }
}

/** Σ over matrices and i < j of the squared off-diagonal entries. */
export function offDiagonal({ k, matrices }: JointProblem): number {
  let sum = 0;
  for (let at = 0; at < matrices.length; at += k * k) {
    for (let i = 0; i < k; i++) for (let j = i + 1; j < k; j++) sum += matrices[at + i * k + j]! ** 2;
  }
  return sum;
}

/** Rows of V by index, as the rows of the unmixing of white samples: B = Vᵀ. */
export function unmixingOf({ k, v }: JointProblem, order?: readonly number[]): Matrix {
  const b = createMatrix(k, k);
  for (let i = 0; i < k; i++) for (let c = 0; c < k; c++) b.data[i * k + c] = v.data[c * k + (order?.[i] ?? i)]!;
  return b;
}
