import { eigh } from '../../../linalg/eigh.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';

/** Eigenvalues below this share of the largest cannot be divided by. */
const dependent = 1e-12;
/** Errors that differ by less than this share of the data are equal: they are differences of sums of squares. */
const rounding = 1e-11;

export interface CrossValidationTask {
  /** AᵀA [m × m] of the rows of each fold; their sum is that of all rows */
  folds: readonly Matrix[];
  /** rows in the smallest set of folds that is fitted */
  fittedRows: number;
  /** most components to try */
  most: number;
  seed: number;
  check: () => void;
  progress: (done: number, total: number) => void;
}

/**
 * Bi-cross-validation: rows and columns are divided into folds; a block of rows I and columns J is left out as a whole and
 * predicted from the rest. With X = [A B; C D], A left out, the prediction with k components is B D_k⁺ C, where
 * D_k⁺ = V_k S_k⁻² V_kᵀ Dᵀ. All products that are needed (DᵀD, DᵀC, BᵀB, BᵀA) are parts of the matrices XᵀX of the folds of
 * rows: one look at the data serves every fold of columns and every k.
 * @returns share of ‖X‖² that predictions with 0, 1, 2 … components leave; 1 for none
 * @see Owen & Perry, Ann. Appl. Stat. 3, 564 (2009), eq. 3.2; Gabriel, J. Soc. Fr. Stat. 143, 5 (2002)
 */
export function crossValidate(task: CrossValidationTask): Float64Array {
  const { folds, seed, check, progress } = task;
  const m = folds[0]!.rows;
  const parts = foldsOf(m, Math.min(folds.length, m), seed, 'columns');
  const widest = parts.reduce((most, part) => Math.max(most, part.length), 0);
  const most = Math.min(task.most, m - widest, task.fittedRows);
  const errors = new Float64Array(most + 1);
  const total = createMatrix(m, m);
  for (const fold of folds) for (let i = 0; i < total.data.length; i++) total.data[i]! += fold.data[i]!;
  let done = 0;
  for (const held of folds) {
    const fitted = createMatrix(
      m,
      m,
      total.data.map((value, i) => value - held.data[i]!),
    );
    for (const left of parts) {
      check();
      progress(done++, folds.length * parts.length);
      addErrors(fitted, held, left, others(left, m), errors, check);
    }
  }
  const energy = errors[0]!;
  return errors.map((error) => (energy > 0 ? Math.max(0, error / energy) : 0));
}

/** The number of components with the smallest error, the smallest such number where errors are equal to rounding. */
export function bestCount(errors: Float64Array): number {
  const least = errors.reduce((a, b) => Math.min(a, b), Infinity);
  return errors.findIndex((error) => error <= least + rounding);
}

/** Adds the squared errors of the block of `held` rows and `left` columns for 0, 1, 2 … components. */
function addErrors(
  fitted: Matrix,
  held: Matrix,
  left: Int32Array,
  kept: Int32Array,
  errors: Float64Array,
  check: () => void,
): void {
  const most = errors.length - 1;
  let error = 0;
  for (const j of left) error += held.data[j * held.cols + j]!;
  errors[0]! += error;
  if (most === 0) return;
  const { values, vectors } = eigh(pick(fitted, kept, kept), { k: most, check });
  // rows of R are the predictions of the left-out columns by each component: S⁻² Vᵀ DᵀC
  const r = multiply(vectors, pick(fitted, kept, left), { transposeA: true, check });
  const ab = multiply(pick(held, left, kept), vectors, { check });
  const bb = multiply(vectors, multiply(pick(held, kept, kept), vectors, { check }), { transposeA: true, check });
  const width = left.length;
  for (let k = 0; k < most; k++) {
    if (values[k]! > dependent * values[0]! && values[k]! > 0) {
      for (let j = 0; j < width; j++) r.data[k * width + j]! /= values[k]!;
      for (let j = 0; j < width; j++) error -= 2 * ab.data[j * most + k]! * r.data[k * width + j]!;
      for (let i = 0; i <= k; i++) {
        let product = 0;
        for (let j = 0; j < width; j++) product += r.data[i * width + j]! * r.data[k * width + j]!;
        error += (i === k ? 1 : 2) * bb.data[i * most + k]! * product;
      }
    } else {
      r.data.fill(0, k * width, (k + 1) * width);
    }
    errors[k + 1]! += error;
  }
}

/** 0 … count − 1 in `folds` random parts of nearly equal size, each in order. */
export function foldsOf(count: number, folds: number, seed: number, label: string): Int32Array[] {
  const order = createRandom(seed).fork(label).permutation(count);
  return Array.from({ length: folds }, (_, f) =>
    order.slice(Math.floor((f * count) / folds), Math.floor(((f + 1) * count) / folds)).sort(),
  );
}

function others(left: Int32Array, count: number): Int32Array {
  const gone = new Uint8Array(count);
  for (const j of left) gone[j] = 1;
  return Int32Array.from({ length: count }, (_, j) => j).filter((j) => gone[j] === 0);
}

function pick(a: Matrix, rows: Int32Array, cols: Int32Array): Matrix {
  const out = createMatrix(rows.length, cols.length);
  rows.forEach((row, i) => {
    for (let j = 0; j < cols.length; j++) out.data[i * cols.length + j] = a.data[row * a.cols + cols[j]!]!;
  });
  return out;
}
