import type { Job } from '../../../job.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { normalProductPass } from '../../../passes/normal-product.ts';
import { shareFloats } from '../../../passes/share.ts';
import { randomizedSvd } from '../SVD/randomized-svd.ts';
import type { SolveTask } from '../SVD/tall-svd.ts';
import { writeLeft } from '../SVD/write-left.ts';
import { singularForm, type LowRank } from './low-rank.ts';

/**
 * The best rank r part of X, from which the iteration starts: where GoDec arrives at once when its random directions
 * are good. From random directions that are not, some runs end far from the solution.
 * @param view rows ≥ columns
 * @param power further applications of XᵀX beyond those of the randomized solver
 * @returns norm: ‖X‖_F
 */
export async function findStart(
  view: MatrixView,
  r: number,
  power: number,
  job: Job,
  phase: number,
): Promise<{ start: LowRank; norm: number }> {
  const { rows } = viewShape(view);
  const target = { out: job.allocate(rows * r), rowCount: rows, k: r };
  const task: SolveTask = { view, k: r, target, job, phases: { gather: phase, solve: phase, write: phase } };
  const found = await randomizedSvd(task);
  let { right } = found;
  for (let turn = 0; turn < power; turn++) {
    job.control.check();
    const shared = { omega: shareFloats(job, right.data), k: r };
    const { product } = await job.run(normalProductPass, view, shared, phase);
    right = qrThin(createMatrix(right.rows, r, product)).q;
  }
  // directions without any variance come out as zeros: an orthonormal basis has none
  right = qrThin(right).q;
  await writeLeft(task, right);
  return { start: singularForm(createMatrix(rows, r, target.out), right), norm: Math.sqrt(found.energy) };
}
