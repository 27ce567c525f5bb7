import type { Job, Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { preparationScalars, preprocess } from '../pipeline/scaling.ts';
import { scatterOf } from '../pipeline/scatter-pass.ts';
import { clusterSource, type ClusterSource } from '../pipeline/source.ts';
import { chooseElbow, chooseLargest, chooseSmallest } from './choose.ts';
import { noteOfExact, type Criterion } from './criterion.ts';
import { assertDifferences } from './differences.ts';
import { gapStatistic } from './gap.ts';
import { calinskiHarabasz, daviesBouldin, isExact, logDispersion } from './indices.ts';
import { labelAll, type EstimateValues } from './label-all.ts';
import { silhouetteScores } from './silhouette.ts';
import { stability } from './stability.ts';

const phases = { read: 0, start: 1, refine: 2, compare: 3 };

/** How well several numbers of clusters describe the pixels, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as EstimateValues;
  const source = await clusterSource(input, { ...values, source_for_centers: null }, job, phases.read);
  const view = await preprocess(source.view, values, job, phases.read);
  await assertDifferences(view, job, phases.read);
  const ks = numbersOfClusters(viewShape(view).rows, values);
  const found = await compare(view, ks, values, source, job);
  job.control.progress(phases.compare, 1, 1);
  const n = found.ks.length;
  return {
    arrays: {
      cluster_metric_index: { dtype: 'int32', shape: [n], data: Int32Array.from(found.ks) },
      cluster_metric_data: { dtype: 'float64', shape: [n], data: found.scores },
      ...(values.metric === 'silhouette'
        ? { best_k: { dtype: 'int32', shape: [found.best.length], data: Int32Array.from(found.best) } }
        : {}),
      ...found.arrays,
    },
    scalars: { best_k: found.best[0]!, cluster_metric: values.metric, ...preparationScalars(values, job) },
    notes: [...source.notes, ...(found.notes ?? [])],
  };
};

/** As many clusters as pixels describe nothing: the silhouette and the like are not defined for them. */
function numbersOfClusters(rows: number, { metric, algorithm, max_clusters }: EstimateValues): number[] {
  const least = (metric === 'elbow' || metric === 'gap') && algorithm !== 'agglomerative' ? 1 : 2;
  const most = Math.min(max_clusters, rows - 1);
  if (most < least) {
    throw new EigenscopeError(
      'too-few-samples',
      `${rows} pixels are left to be clustered; at least ${least + 1} are needed to compare numbers of clusters. Mask fewer pixels.`,
      { samples: rows },
    );
  }
  return Array.from({ length: most - least + 1 }, (_, i) => least + i);
}

async function compare(
  view: MatrixView,
  ks: number[],
  values: EstimateValues,
  source: ClusterSource,
  job: Job,
): Promise<Criterion> {
  switch (values.metric) {
    case 'gap':
      return gapStatistic(view, ks, values, job, phases);
    case 'silhouette':
      return silhouetteScores(view, ks, await labelAll(view, ks, values, job, phases), values, source, job);
    case 'stability':
      return stability(view, ks, values, job, phases);
    default:
      return byScatter(view, ks, values, job);
  }
}

/** Criteria that look at the clusters' scatter alone. */
async function byScatter(view: MatrixView, ks: number[], values: EstimateValues, job: Job): Promise<Criterion> {
  const { cols } = viewShape(view);
  const labels = await labelAll(view, ks, values, job, phases);
  const scatters = await scatterOf(view, labels, ks.at(-1)!, job, phases.compare);
  const notes = noteOfExact(ks, scatters, cols);
  switch (values.metric) {
    case 'elbow': {
      const scores = Float64Array.from(scatters, (scatter) => logDispersion(scatter, cols));
      return { ks, scores, best: [chooseElbow(ks, scores)], notes };
    }
    case 'calinski_harabasz': {
      const scores = Float64Array.from(scatters, (scatter) => calinskiHarabasz(scatter, cols));
      // 1 by scikit-learn's convention, but nothing is better
      const ranks = scores.map((score, i) => (isExact(scatters[i]!, cols) ? Infinity : score));
      return { ks, scores, best: [chooseLargest(ks, ranks)], notes };
    }
    default: {
      const scores = Float64Array.from(scatters, (scatter) => daviesBouldin(scatter, cols));
      return { ks, scores, best: [chooseSmallest(ks, scores)], notes };
    }
  }
}
