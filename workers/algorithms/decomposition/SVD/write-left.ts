import { projectPass, type Projection, type ProjectShared } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Job } from '../../../job.ts';
import { letGo } from '../../../linalg/let-go.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import type { SolveTask } from './tall-svd.ts';

/** Writes A·Q = P·S to the target in one pass over the view. */
export function writeLeft(task: SolveTask, right: Matrix): Promise<Projection> {
  return task.job.run(projectPass, task.view, projectionShared(task, right), task.phases.write);
}

/** Where a projection onto the columns of Q writes, and Q in shared memory. */
export function projectionShared({ target, job }: SolveTask, right: Matrix): ProjectShared {
  return {
    v: right.data.buffer instanceof SharedArrayBuffer ? right.data : shareFloats(job, right.data),
    k: right.cols,
    out: target.out,
    stride: target.k,
    column: 0,
    ...(target.rows ? { rows: target.rows } : {}),
    ...(target.scale ? { scale: target.scale } : {}),
  };
}

/** The matrix in shared memory, where it may be already; the own memory it was in is let go. */
export function moveToShared(matrix: Matrix, job: Pick<Job, 'allocate'>): Matrix {
  if (matrix.data.buffer instanceof SharedArrayBuffer) return matrix;
  const shared = createMatrix(matrix.rows, matrix.cols, shareFloats(job, matrix.data));
  letGo(matrix.data);
  return shared;
}
