import type { Job, Run } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { preparationScalars, preprocess } from '../pipeline/scaling.ts';
import { scatterOf } from '../pipeline/scatter-pass.ts';
import { clusterSource, type ClusterSource } from '../pipeline/source.ts';
import { chooseElbow, chooseLargest, chooseSmallest } from './choose.ts';
import { withScatter, type Criterion } from './criterion.ts';
import { gapStatistic } from './gap.ts';
import { calinskiHarabasz, daviesBouldin, dispersion } from './indices.ts';
import { labelAll, type EstimateValues } from './label-all.ts';
import { silhouetteScores } from './silhouette.ts';
import { stability } from './stability.ts';

const phases = { read: 0, start: 1, refine: 2, compare: 3 };

/** How well several numbers of clusters describe the pixels, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as EstimateValues;
  const source = await clusterSource(input, { ...values, source_for_centers: null }, job, phases.read);
  const view = await preprocess(source.view, values, job, phases.read);
  const { rows } = viewShape(view);
  const least =
    values.metric === 'elbow' || values.metric === 'gap' ? (values.algorithm === 'agglomerative' ? 2 : 1) : 2;
  const most = Math.min(values.max_clusters, rows);
  const ks = Array.from({ length: most - least + 1 }, (_, i) => least + i);
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
  if (values.metric === 'elbow') {
    const { used, notes } = withScatter(ks, scatters.map(dispersion));
    const scores = Float64Array.from(used, ({ w }) => Math.log(w));
    const own = used.map(({ k }) => k);
    return { ks: own, scores, best: [chooseElbow(own, scores)], notes };
  }
  const isCalinski = values.metric === 'calinski_harabasz';
  const scores = Float64Array.from(scatters, (s) => (isCalinski ? calinskiHarabasz(s, cols) : daviesBouldin(s, cols)));
  return { ks, scores, best: [isCalinski ? chooseLargest(ks, scores) : chooseSmallest(ks, scores)] };
}
