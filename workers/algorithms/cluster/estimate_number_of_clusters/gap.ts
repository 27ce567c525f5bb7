import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { fitSets } from '../lloyd/fit.ts';
import { openSpace, type Space } from '../lloyd/space.ts';
import { denseView, type DenseRows } from '../pipeline/dense-rows.ts';
import { scatterOf } from '../pipeline/scatter-pass.ts';
import { chooseGap, chooseHyperspyGap } from './choose.ts';
import { dispersion } from './indices.ts';
import { kmeansOptions, labelAll, type EstimateValues } from './label-all.ts';
import { boxReferences, lineReferences } from './references.ts';
import { withScatter, type Criterion } from './criterion.ts';

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
  const dispersions = (rows: MatrixView): Promise<number[]> => dispersionsOf(rows, ks, values, job, phases);
  const own = await dispersions(view);
  const { used, notes } = withScatter(ks, own);
  const n = used.length;
  const isLine = values.gap_reference === 'line';
  const make = await (isLine ? lineReferences : boxReferences)(view, job, phases.compare);
  const references = await referenceDispersions(
    make,
    viewShape(view).cols,
    isLine,
    ks,
    values,
    job,
    phases,
    dispersions,
  );
  const scores = new Float64Array(n);
  const errors = new Float64Array(n);
  used.forEach(({ w }, i) => {
    const logs = references.map((reference) => Math.log(reference[i]!));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length;
    scores[i] = mean - Math.log(w);
    errors[i] = Math.sqrt(1 + 1 / logs.length) * Math.sqrt(variance);
  });
  const compared = used.map(({ k }) => k);
  const best = (isLine ? chooseHyperspyGap : chooseGap)(compared, scores, errors);
  if (!isLine && best === compared.at(-1) && best === ks.at(-1)) {
    notes.push(
      `The gap grows up to ${best} clusters, the most that were compared. Raise max_clusters to see where it ends.`,
    );
  }
  return {
    ks: compared,
    scores,
    best: [best],
    arrays: { gap_error: { dtype: 'float64', shape: [n], data: errors } },
    notes,
  };
}

async function dispersionsOf(
  view: MatrixView,
  ks: readonly number[],
  values: EstimateValues,
  job: Job,
  phases: Phases,
): Promise<number[]> {
  if (values.algorithm === 'kmeans') {
    const space = await openSpace(view, job, phases.start);
    const [fits] = await fitSets([space], ks, kmeansOptions(values), job, phases);
    return fits!.map(({ inertia }) => inertia);
  }
  const labels = await labelAll(view, ks, values, job, phases);
  return (await scatterOf(view, labels, ks.at(-1)!, job, phases.compare)).map(dispersion);
}

/** W of every reference for every k. Narrow references are clustered all at once, wide ones one after the other. */
async function referenceDispersions(
  make: (index: number) => DenseRows,
  cols: number,
  isLine: boolean,
  ks: readonly number[],
  values: EstimateValues,
  job: Job,
  phases: Phases,
  dispersions: (view: MatrixView) => Promise<number[]>,
): Promise<number[][]> {
  const count = values.n_ref;
  const indices = Array.from({ length: count }, (_, index) => index);
  if (values.algorithm === 'kmeans' && (isLine || cols <= 32)) {
    const spaces: Space[] = [];
    for (const index of indices) spaces.push(await openSpace(denseView(make(index)), job, phases.compare));
    const fits = await fitSets(spaces, ks, kmeansOptions(values), job, phases);
    return fits.map((ofSet) => ofSet.map(({ inertia }) => inertia));
  }
  const found: number[][] = [];
  for (const index of indices) found.push(await dispersions(denseView(make(index))));
  return found;
}
