import type { Job } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { fitKmeans } from '../lloyd/fit.ts';
import { openSpace } from '../lloyd/space.ts';
import { nearestCentroids } from '../pipeline/nearest.ts';
import { pickRows } from '../pipeline/dense-rows.ts';
import { scatterOf } from '../pipeline/scatter-pass.ts';
import { chooseStable } from './choose.ts';
import { adjustedRandIndex } from './indices.ts';
import { kmeansOptions, type EstimateValues } from './label-all.ts';
import type { Criterion } from './criterion.ts';

/**
 * How well the groups are found again in pixels drawn with repetition: each draw is clustered, all pixels go to its
 * nearest centres, and the partition is compared with that of all pixels by the adjusted Rand index; the mean counts.
 * @see Hennig, Comput. Stat. Data Anal. 52, 258 (2007)
 */
export async function stability(
  view: MatrixView,
  ks: number[],
  values: EstimateValues,
  job: Job,
  phases: { start: number; refine: number; compare: number },
): Promise<Criterion> {
  const { rows } = viewShape(view);
  const options = kmeansOptions(values);
  const whole = await fitKmeans(await openSpace(view, job, phases.start), ks, options, job, phases);
  const scores = new Float64Array(ks.length);
  for (let draw = 0; draw < values.n_bootstraps; draw++) {
    job.control.check();
    const random = createRandom(job.seed).fork('bootstrap').fork(draw);
    const picked = Int32Array.from({ length: rows }, () => random.integer(rows)).sort();
    const drawn = pickRows(view, picked);
    const fits = await fitKmeans(await openSpace(drawn, job, phases.start), ks, options, job, phases);
    const scatters = await scatterOf(
      drawn,
      fits.map(({ labels }) => labels),
      ks.at(-1)!,
      job,
      phases.compare,
    );
    for (const [i, k] of ks.entries()) {
      const { centroids, counts } = scatters[i]!;
      // where a draw holds too few different pixels, nothing goes to the empty cluster
      const cols = centroids.length / counts.length;
      counts.forEach((count, c) => count === 0 && centroids.fill(Infinity, c * cols, (c + 1) * cols));
      const labels = await nearestCentroids(view, centroids, k, job, phases.compare);
      scores[i]! += adjustedRandIndex(whole[i]!.labels, labels, k, k) / values.n_bootstraps;
    }
  }
  // where fewer than k clusters were found, those of a smaller k were compared again
  const found = ks.flatMap((k, i) => (i === 0 || new Set(whole[i]!.labels).size === k ? [i] : []));
  const best = chooseStable(
    found.map((i) => ks[i]!),
    found.map((i) => scores[i]!),
  );
  return { ks, scores, best: [best] };
}
