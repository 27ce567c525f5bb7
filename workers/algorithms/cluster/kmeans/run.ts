import type { Run } from '../../../job.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { assertLimits } from '../../../specs/limits.ts';
import { viewShape } from '../../../matrix-view.ts';
import { clusterWith } from '../pipeline/cluster.ts';
import { fitKmeans } from '../lloyd/fit.ts';
import { openSpace } from '../lloyd/space.ts';
import { describeFit } from '../lloyd/describe-fit.ts';
import { kmeans } from './spec.ts';

const phases = { start: 1, refine: 2, finish: 3 };

/** k-means, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof kmeans.params>;
  return clusterWith(input, values, job, phases.finish, async (view) => {
    const { rows: samples, cols: features } = viewShape(view);
    assertLimits(kmeans, { samples, features, dtype: input.data.dtype }, values);
    const space = await openSpace(view, job, phases.start);
    const { n_clusters: k, init, n_init: nInit, max_iter: maxIter, tol } = values;
    const [fit] = await fitKmeans(space, [k], { init, nInit, maxIter, tol }, job, phases);
    return describeFit(fit!, k, maxIter);
  });
};
