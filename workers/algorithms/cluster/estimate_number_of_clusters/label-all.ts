import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { fitTree } from '../agglomerative/fit.ts';
import { cutTree } from '../agglomerative/link.ts';
import { fitKmeans } from '../lloyd/fit.ts';
import { openSpace } from '../lloyd/space.ts';
import { fitMiniBatch } from '../minibatchkmeans/fit.ts';
import { fitSpectral } from '../spectralclustering/fit.ts';
import type { estimateNumberOfClusters } from './spec.ts';

export type EstimateValues = ValuesOf<typeof estimateNumberOfClusters.params>;

export const kmeansOptions = ({ n_init: nInit, max_iter: maxIter, tol }: EstimateValues) => ({
  init: 'k-means++' as const,
  nInit,
  maxIter,
  tol,
});

interface Phases {
  start: number;
  refine: number;
}

/** Clusters of the rows of B for each number of clusters. What does not depend on the number is done once. */
export async function labelAll(
  view: MatrixView,
  ks: readonly number[],
  values: EstimateValues,
  job: Job,
  phases: Phases,
): Promise<Int32Array[]> {
  switch (values.algorithm) {
    case 'kmeans': {
      const space = await openSpace(view, job, phases.start);
      return (await fitKmeans(space, ks, kmeansOptions(values), job, phases)).map(({ labels }) => labels);
    }
    case 'minibatchkmeans': {
      const labels: Int32Array[] = [];
      for (const k of ks) {
        labels.push((await fitMiniBatch(view, k, { nInit: values.n_init }, job, phases.start)).labels);
      }
      return labels;
    }
    case 'agglomerative': {
      const tree = await fitTree(view, values.linkage, null, job, phases.start);
      return ks.map((k) => cutTree(tree, k));
    }
    case 'spectralclustering':
      return fitSpectral(view, ks, { gamma: values.gamma }, job, phases);
  }
}
