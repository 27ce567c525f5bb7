import type { Job } from '../../../job.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import { sumsPass } from '../../../passes/sums.ts';
import type { Prepared } from '../pipeline/prepare.ts';

/**
 * Random subspace, entries × k: |h| √(|mean| / entries) / √k with h standard normal, so that a code of about √|mean| gives
 * values like the data's. The absolute value keeps data of negative mean from a start without numbers; where the mean
 * is zero the root mean square stands in, since from an empty subspace nothing can be learned.
 */
export async function startSubspace(
  prepared: Prepared,
  entries: number,
  k: number,
  job: Job,
  phase: number,
): Promise<Matrix> {
  const { view, poisson } = prepared;
  const { rows, cols } = viewShape(view);
  const sums = poisson ? await job.run(sumsPass, view, { rowSums: job.allocate(rows) }, phase) : prepared.sums;
  const total = sums.columnSums.reduce((sum, value) => sum + value, 0);
  const mean = Math.abs(total / (rows * cols)) || Math.sqrt(sums.energy / (rows * cols));
  const scale = Math.sqrt(mean / entries / k);
  const random = createRandom(job.seed);
  return createMatrix(
    entries,
    k,
    Float64Array.from({ length: entries * k }, () => Math.abs(scale * random.gaussian())),
  );
}
