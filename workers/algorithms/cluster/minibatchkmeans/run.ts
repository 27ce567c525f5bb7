import type { Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { describeFit } from '../lloyd/describe-fit.ts';
import { clusterWith } from '../pipeline/cluster.ts';
import { fitMiniBatch } from './fit.ts';
import { minibatchkmeans } from './spec.ts';

const phases = { learn: 1, finish: 2 };

/** Mini-batch k-means, see help.md. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof minibatchkmeans.params>;
  return clusterWith(input, values, job, phases.finish, async (view) => {
    const { rows: samples, cols: features } = viewShape(view);
    assertLimits(minibatchkmeans, { samples, features, dtype: input.data.dtype }, values);
    const options = {
      init: values.init,
      nInit: values.n_init,
      batchSize: values.batch_size,
      maxIter: values.max_iter,
      tol: values.tol,
      maxNoImprovement: values.max_no_improvement,
      initSize: values.init_size,
      reassignmentRatio: values.reassignment_ratio,
    };
    const fit = await fitMiniBatch(view, values.n_clusters, options, job, phases.learn);
    return describeFit(fit, values.n_clusters, values.max_iter);
  });
};
