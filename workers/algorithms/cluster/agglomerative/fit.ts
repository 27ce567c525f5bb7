import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { denseRows } from '../pipeline/dense-rows.ts';
import { link, type Linkage, type Tree } from './link.ts';
import { pairDistances } from './pair-distances-pass.ts';
import { mostLeaves } from './spec.ts';

/**
 * The tree of all rows of B.
 * @param weights how many pixels each row stands for
 * @throws EigenscopeError `out-of-memory` for more than 20 000 rows
 */
export async function fitTree(
  view: MatrixView,
  linkage: Linkage,
  weights: Float64Array | null,
  job: Job,
  phase: number,
): Promise<Tree> {
  const { rows } = viewShape(view);
  if (rows > mostLeaves) {
    throw new EigenscopeError(
      'out-of-memory',
      `Agglomerative clustering keeps the distances of all pairs of pixels, at most of ${mostLeaves} pixels; there are ${rows}. ` +
        'Set reduction to kmeans or sample, mask pixels, or choose another algorithm.',
      { pixels: rows, most: mostLeaves },
    );
  }
  const points = await denseRows(view, job, phase);
  const distances = await pairDistances(points, linkage === 'ward', job, phase);
  return link(distances, rows, linkage, weights, (done) => {
    job.control.check();
    job.control.progress(phase, done, rows);
  });
}
