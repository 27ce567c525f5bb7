import { columns, createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { viewShape } from '../../../matrix-view.ts';
import { eighInPool } from '../../../passes/eigh.ts';
import { gramPass } from '../../../passes/gram.ts';
import { orderColumns } from './order-columns.ts';
import { refineTail } from './refine-tail.ts';
import type { SolveTask, TallSvd } from './tall-svd.ts';
import { moveToShared, writeLeft } from './write-left.ts';

/**
 * Singular values and vectors from G = AᵀA = Q diag(s²) Qᵀ and P·S = A·Q: two passes over A and one symmetric
 * eigenproblem of its smaller side. The lengths of the columns of A·Q, not the roots of the eigenvalues, are the
 * singular values: the error of a Rayleigh quotient is quadratic in that of the vector, so they are accurate to about
 * 1e-12 · s₁ where the roots are to 1e-8 · s₁ (Parlett, The Symmetric Eigenvalue Problem, 1.4 and 11.7).
 *
 * @param accurate resolve what lies below 1e-5 · s₁ once more (refineTail), to LAPACK's accuracy of about 1e-15 · s₁
 */
export async function gramSvd(task: SolveTask, accurate: boolean): Promise<TallSvd> {
  const { view, k, job, phases } = task;
  const { cols } = viewShape(view);
  const gram = moveToShared(createMatrix(cols, cols, await job.run(gramPass, view, null, phases.gather)), job);
  let energy = 0;
  for (let j = 0; j < cols; j++) energy += gram.data[j * cols + j]!;
  const { values, vectors } = await eighInPool(gram, k, job, phases.solve, task.target.out);
  // the leading directions below this are a random choice among all small ones: only all of them together can be sorted
  if (accurate && k < cols && values[k - 1]! < unresolved * values[0]!) return cropped(task, energy, gram);
  const found = await project(task, moveToShared(vectors, job), energy);
  return accurate ? refineTail(task, found) : found;
}

/** Eigenvalues of the Gram matrix below this share of the largest are rounding. */
const unresolved = 1e-11;

async function project(task: SolveTask, right: Matrix, energy: number): Promise<TallSvd> {
  const projection = await writeLeft(task, right);
  return { singularValues: projection.energy.map(Math.sqrt), right, peaks: projection.peak, energy };
}

/** All components, refined and sorted, of which the first k are kept. */
async function cropped(task: SolveTask, energy: number, gram: Matrix): Promise<TallSvd> {
  const { target, k, job } = task;
  const { rows, cols } = viewShape(task.view);
  const all: SolveTask = { ...task, k: cols, target: { out: job.allocate(rows * cols), rowCount: rows, k: cols } };
  const { vectors } = await eighInPool(gram, cols, job, task.phases.solve, all.target.out);
  const found = orderColumns(all.target, await refineTail(all, await project(all, vectors, energy)));
  for (let i = 0; i < rows; i++) {
    const to = (target.rows ? target.rows[i]! : i) * k;
    const factor = target.scale ? target.scale[i]! : 1;
    for (let j = 0; j < k; j++) target.out[to + j] = all.target.out[i * cols + j]! * factor;
  }
  return {
    singularValues: found.singularValues.slice(0, k),
    right: columns(found.right, k),
    peaks: found.peaks.slice(0, k),
    energy,
  };
}
