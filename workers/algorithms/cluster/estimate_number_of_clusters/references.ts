import type { Job } from '../../../job.ts';
import { eigh } from '../../../linalg/eigh.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { gramPass } from '../../../passes/gram.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { DenseRows } from '../pipeline/dense-rows.ts';
import { labelSumsPass } from '../pipeline/label-sums-pass.ts';
import { columnSpreadPass } from '../pipeline/scaling-passes.ts';
import { boxOnAxesPass } from './box-pass.ts';

/** Makes the reference rows of the gap statistic, one set after the other. */
export type ReferenceMaker = (index: number) => DenseRows;

/**
 * Rows drawn evenly from the box around the data whose edges lie along their principal axes. They are left in the
 * coordinates of these axes: distances, and with them all that k-means finds, are the same.
 * @see Tibshirani, Walther & Hastie, J. R. Stat. Soc. B 63, 411 (2001), reference (b)
 */
export async function boxReferences(view: MatrixView, job: Job, phase: number): Promise<ReferenceMaker> {
  const { rows: n, cols } = viewShape(view);
  const mean = shareFloats(job, await meanOf(view, job, phase));
  const gram = await job.run(gramPass, view, null, phase);
  for (let i = 0; i < cols; i++) for (let j = 0; j < cols; j++) gram[i * cols + j]! -= n * mean[i]! * mean[j]!;
  const { vectors } = eigh(createMatrix(cols, cols, gram), { check: () => job.control.check() });
  const { min, max } = await job.run(
    boxOnAxesPass,
    view,
    { axes: shareFloats(job, vectors.data), k: vectors.cols, mean },
    phase,
  );
  const width = max.map((high, j) => high - min[j]!);
  return (index) => {
    const random = createRandom(job.seed).fork('reference').fork(index);
    const data = job.allocate(n * cols);
    for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < cols; j++, at++) data[at] = width[j]! * random.uniform();
    return { data, n, cols };
  };
}

async function meanOf(view: MatrixView, job: Job, phase: number): Promise<Float64Array> {
  const { rows, cols } = viewShape(view);
  const labels = new Int32Array(new SharedArrayBuffer(4 * rows));
  const { sums } = await job.run(labelSumsPass, view, { labels, rows, k: 1, clusterings: 1 }, phase);
  return sums.map((sum) => sum / rows).subarray(0, cols);
}

/**
 * HyperSpy's reference: every column runs from its least to its largest value in n equal steps, all at once. These
 * points lie on a line, so that one column with the length of that line holds all their distances.
 */
export async function lineReferences(view: MatrixView, job: Job, phase: number): Promise<ReferenceMaker> {
  const { rows: n, cols } = viewShape(view);
  const { min, max } = await job.run(columnSpreadPass, view, { mean: job.allocate(cols) }, phase);
  const length = Math.hypot(...max.map((high, j) => high - min[j]!));
  return () => {
    const data = job.allocate(n);
    for (let i = 0; i < n; i++) data[i] = (length * i) / Math.max(1, n - 1);
    return { data, n, cols: 1 };
  };
}
