import type { Job } from '../../../job.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { normalProductPass } from '../../../passes/normal-product.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import { denseRows } from '../pipeline/dense-rows.ts';

/** Where k-means looks for clusters. */
export interface Space {
  /** B: the rows to be clustered */
  view: MatrixView;
  n: number;
  cols: number;
  /** rows with few columns in shared memory: B itself, or B on its strongest directions */
  compact: Float64Array<SharedArrayBuffer>;
  width: number;
  /** compact is B */
  isWhole: boolean;
}

/** Up to this many columns a start costs less than looking for directions. */
const narrow = 32;
/** Directions of wider data: enough to tell clusters apart, few enough that all starts together cost one look or two. */
const directions = 24;
const rounds = 3;

/**
 * Rows with few columns for the starts of k-means. Data of many columns are projected on their strongest directions,
 * which hold what tells clusters apart and leave out most of the noise; where a start leads is then refined with all
 * columns.
 */
export async function openSpace(view: MatrixView, job: Job, phase: number): Promise<Space> {
  const { rows: n, cols } = viewShape(view);
  if (cols <= narrow) {
    const { data } = await denseRows(view, job, phase);
    return { view, n, cols, compact: data, width: cols, isWhole: true };
  }
  const compact = job.allocate(n * directions);
  const v = shareFloats(job, await strongDirections(view, cols, job, phase));
  await job.run(projectPass, view, { v, k: directions, out: compact, stride: directions, column: 0 }, phase);
  return { view, n, cols, compact, width: directions, isWhole: false };
}

/** An orthonormal basis [cols × directions] by subspace iteration: a start needs no more than a few digits. */
async function strongDirections(view: MatrixView, cols: number, job: Job, phase: number): Promise<Float64Array> {
  const random = createRandom(job.seed).fork('directions');
  const start = createMatrix(cols, directions);
  for (let i = 0; i < start.data.length; i++) start.data[i] = random.gaussian();
  let basis = qrThin(start).q;
  for (let round = 0; round < rounds; round++) {
    job.control.check();
    const shared = { omega: shareFloats(job, basis.data), k: directions, wantsEnergy: false };
    const { product } = await job.run(normalProductPass, view, shared, phase);
    basis = qrThin(createMatrix(cols, directions, product)).q;
  }
  return basis.data;
}
