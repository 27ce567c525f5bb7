import type { Job, Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { fitKmeans } from '../lloyd/fit.ts';
import { openSpace } from '../lloyd/space.ts';
import { clusterWith } from '../pipeline/cluster.ts';
import type { Clustering } from '../pipeline/finish.ts';
import { scatterOf } from '../pipeline/scatter-pass.ts';
import { fuzzyPass } from './pass.ts';
import { fuzzyCMeans } from './spec.ts';

type Values = ValuesOf<typeof fuzzyCMeans.params>;
const phases = { start: 1, refine: 2, finish: 3 };

/** Fuzzy c-means from the centres of k-means, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as Values;
  return clusterWith(input, values, job, phases.finish, (view) => {
    const { rows: samples, cols: features } = viewShape(view);
    assertLimits(fuzzyCMeans, { samples, features, dtype: input.data.dtype }, values);
    return fit(view, values, job);
  });
};

async function fit(
  view: MatrixView,
  { n_clusters: k, fuzziness, max_iter: maxIter, tol, n_init: nInit }: Values,
  job: Job,
): Promise<Clustering> {
  const { rows: n, cols } = viewShape(view);
  const space = await openSpace(view, job, phases.start);
  const search = { init: 'k-means++' as const, nInit, maxIter: 300, tol: 1e-4 };
  const [start] = await fitKmeans(space, [k], search, job, { start: phases.start, refine: phases.start });
  const [scatter] = await scatterOf(view, [start!.labels], k, job, phases.start);
  const centres = shareFloats(job, scatter!.centroids);
  // with fewer different pixels than clusters, what is left over shares the place of the first
  scatter!.counts.forEach((count, c) => count === 0 && centres.copyWithin(c * cols, 0, cols));
  const membership = job.allocate(n * k);
  let iterations = 0;
  let converged = false;
  let objective = Infinity;
  while (iterations < maxIter && !converged) {
    job.control.check();
    iterations++;
    const state = await job.run(fuzzyPass, view, { centres, k, fuzziness, membership }, phases.refine);
    objective = state.objective;
    job.control.objective(iterations, objective);
    job.control.progress(phases.refine, iterations, maxIter);
    converged = state.change <= tol;
    for (let i = 0; i < centres.length; i++) {
      const weight = state.weights[Math.floor(i / cols)]!;
      if (weight > 0) centres[i] = state.sums[i]! / weight;
    }
    if (job.control.shouldKeep()) break;
  }
  const labels = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let c = 1; c < k; c++) if (membership[i * k + c]! > membership[i * k + best]!) best = c;
    labels[i] = best;
  }
  const notes = converged
    ? []
    : [`Memberships still changed after ${iterations} iterations. Raise max_iter for a settled result.`];
  const present = new Set(labels).size;
  if (present < k)
    notes.push(`Only ${present} of ${k} clusters are the strongest of any pixel; the others are left out.`);
  return {
    labels,
    k,
    scalars: { iterations, converged, objective },
    notes,
    arrays: (order, { samples, kept }) => ({
      membership: spread(membership, k, order, samples, kept),
      fuzzy_centres: {
        dtype: 'float64',
        shape: [order.length, cols],
        data: Float64Array.from(order.flatMap((c) => [...centres.subarray(c * cols, (c + 1) * cols)])),
      },
    }),
  };
}

/** Memberships by cluster in their final order, NaN where a pixel was left out [clusters × samples]. */
function spread(
  membership: Float64Array,
  k: number,
  order: readonly number[],
  samples: number,
  kept: Int32Array | undefined,
): { dtype: 'float64'; shape: number[]; data: Float64Array } {
  const n = membership.length / k;
  const data = new Float64Array(order.length * samples).fill(NaN);
  order.forEach((c, row) => {
    for (let i = 0; i < n; i++) data[row * samples + (kept ? kept[i]! : i)] = membership[i * k + c]!;
  });
  return { dtype: 'float64', shape: [order.length, samples], data };
}
