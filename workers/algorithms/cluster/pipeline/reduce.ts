import type { Job } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { fitKmeans } from '../lloyd/fit.ts';
import { openSpace } from '../lloyd/space.ts';
import { denseRows, denseView, pickRows } from './dense-rows.ts';
import { nearestCentroids } from './nearest.ts';
import { relabelBySize } from './relabel.ts';
import { scatterOf } from './scatter-pass.ts';

export interface Reduced {
  view: MatrixView;
  /** how many pixels each row stands for, null = one each */
  weights: Float64Array | null;
  notes: string[];
  /** labels of all rows from those of the reduced ones */
  spread(labels: Int32Array): Int32Array;
}

/** Fewer rows in place of those of B, and how what is found for them goes back to all. */
export async function reduceRows(
  view: MatrixView,
  { reduction, reduced_size: size }: { reduction: 'kmeans' | 'sample' | null; reduced_size: number },
  job: Job,
  phase: number,
): Promise<Reduced> {
  const { rows, cols } = viewShape(view);
  if (reduction === null || rows <= size) return { view, weights: null, notes: [], spread: (labels) => labels };
  if (reduction === 'sample') {
    const picked = createRandom(job.seed).fork('sample').permutation(rows).subarray(0, size).sort();
    const sample = await denseRows(pickRows(view, picked), job, phase);
    const nearest = await nearestCentroids(view, sample.data, size, job, phase);
    return {
      view: denseView(sample),
      weights: null,
      notes: [`Clusters were looked for in ${size} of ${rows} pixels; the others follow the nearest of these.`],
      spread: (labels) => nearest.map((row) => labels[row]!),
    };
  }
  const space = await openSpace(view, job, phase);
  const options = { init: 'k-means++' as const, nInit: 1, maxIter: 20, tol: 1e-3 };
  const [fit] = await fitKmeans(space, [size], options, job, { start: phase, refine: phase });
  const { labels: groups, sizes } = relabelBySize(fit!.labels, size);
  const [scatter] = await scatterOf(view, [groups], sizes.length, job, phase);
  const data = job.allocate(sizes.length * cols);
  data.set(scatter!.centroids);
  return {
    view: denseView({ data, n: sizes.length, cols }),
    weights: Float64Array.from(sizes),
    notes: [`Clusters were looked for among the centres of ${sizes.length} small groups of the ${rows} pixels.`],
    spread: (labels) => groups.map((group) => labels[group]!),
  };
}
