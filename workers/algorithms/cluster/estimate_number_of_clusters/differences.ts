import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { columnSpreadPass } from '../pipeline/scaling-passes.ts';

/** @throws EigenscopeError `too-few-samples` when the rows of B are the same but for rounding */
export async function assertDifferences(view: MatrixView, job: Job, phase: number): Promise<void> {
  const { rows, cols } = viewShape(view);
  const { min, max } = await job.run(columnSpreadPass, view, { mean: job.allocate(cols) }, phase);
  const isConstant = (least: number, most: number): boolean =>
    most - least <= 4 * Number.EPSILON * Math.max(Math.abs(least), Math.abs(most));
  if (min.every((least, j) => isConstant(least, max[j]!))) {
    throw new EigenscopeError(
      'too-few-samples',
      `All ${rows} pixels are alike: there is nothing to divide into clusters. Cluster by other values, or scale them otherwise.`,
      { samples: rows },
    );
  }
}
