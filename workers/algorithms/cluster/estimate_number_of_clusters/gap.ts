import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { fitSets } from '../lloyd/fit.ts';
import { openSpace, type Space } from '../lloyd/space.ts';
import { denseView, type DenseRows } from '../pipeline/dense-rows.ts';
import { scatterOf, type Scatter } from '../pipeline/scatter-pass.ts';
import { chooseGap, chooseHyperspyGap } from './choose.ts';
import { logDispersion } from './indices.ts';
import { kmeansOptions, labelAll, type EstimateValues } from './label-all.ts';
import { boxReferences, lineReferences } from './references.ts';
import { noteOfExact, type Criterion } from './criterion.ts';

interface Phases {
  start: number;
  refine: number;
  compare: number;
}

/**
 * Gap statistic: how far ln W of the data is below that of rows without clusters. W is the sum of squared distances to
 * the centroids, which equals the sum over pairs of its definition.
 */
export async function gapStatistic(
  view: MatrixView,
  ks: number[],
  values: EstimateValues,
  job: Job,
  phases: Phases,
): Promise<Criterion> {
  const { cols } = viewShape(view);
  const scatters = await scattersOf(view, ks, values, job, phases);
  const notes = noteOfExact(ks, scatters, cols);
  const isLine = values.gap_reference === 'line';
  const make = await (isLine ? lineReferences : boxReferences)(view, job, phases.compare);
  const references = await referenceLogs(make, isLine ? 1 : cols, ks, values, job, phases);
  const scores = new Float64Array(ks.length);
  const errors = new Float64Array(ks.length);
  scatters.forEach((scatter, i) => {
    const logs = references.map((reference) => reference[i]!);
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length;
    scores[i] = mean - logDispersion(scatter, cols);
    errors[i] = Math.sqrt(1 + 1 / logs.length) * Math.sqrt(variance);
  });
  const best = (isLine ? chooseHyperspyGap : chooseGap)(ks, scores, errors);
  if (!isLine && best === ks.at(-1) && notes.length === 0) {
    notes.push(
      `The gap grows up to ${best} clusters, the most that were compared. Raise max_clusters to see where it ends.`,
    );
  }
  return {
    ks,
    scores,
    best: [best],
    arrays: { gap_error: { dtype: 'float64', shape: [ks.length], data: errors } },
    notes,
  };
}

async function scattersOf(
  view: MatrixView,
  ks: readonly number[],
  values: EstimateValues,
  job: Job,
  phases: Phases,
): Promise<Scatter[]> {
  const labels = await labelAll(view, ks, values, job, phases);
  return scatterOf(view, labels, ks.at(-1)!, job, phases.compare);
}

/** ln W of every reference for every k. Narrow references are clustered all at once, wide ones one after the other. */
async function referenceLogs(
  make: (index: number) => DenseRows,
  cols: number,
  ks: readonly number[],
  values: EstimateValues,
  job: Job,
  phases: Phases,
): Promise<number[][]> {
  const indices = Array.from({ length: values.n_ref }, (_, index) => index);
  if (values.algorithm === 'kmeans' && cols <= 32) {
    const spaces: Space[] = [];
    for (const index of indices) spaces.push(await openSpace(denseView(make(index)), job, phases.compare));
    const fits = await fitSets(spaces, ks, kmeansOptions(values), job, phases);
    return fits.map((ofSet) => ofSet.map(({ inertia }) => Math.log(inertia)));
  }
  const found: number[][] = [];
  for (const index of indices) {
    const scatters = await scattersOf(denseView(make(index)), ks, values, job, phases);
    found.push(scatters.map((scatter) => logDispersion(scatter, cols)));
  }
  return found;
}
