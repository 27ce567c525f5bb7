import type { Job } from '../../../job.ts';
import { createRandom, type Random } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { denseRows, pickRows } from '../pipeline/dense-rows.ts';
import type { ClusterSource } from '../pipeline/source.ts';
import { chooseSilhouette } from './choose.ts';
import type { EstimateValues } from './label-all.ts';
import type { Criterion } from './criterion.ts';
import { silhouettes } from './silhouette-pass.ts';

const compare = 3;

/** Mean silhouette for every number of clusters, and the silhouette of every pixel. */
export async function silhouetteScores(
  view: MatrixView,
  ks: number[],
  clusterings: readonly Int32Array[],
  values: EstimateValues,
  { kept, samples }: ClusterSource,
  job: Job,
): Promise<Criterion> {
  const { rows } = viewShape(view);
  const random = createRandom(job.seed).fork('silhouette');
  const picked = rows > values.sample_size ? stratified(clusterings.at(-1)!, values.sample_size, random) : null;
  const points = await denseRows(picked ? pickRows(view, picked) : view, job, compare);
  const labels = picked ? clusterings.map((all) => Int32Array.from(picked, (row) => all[row]!)) : clusterings;
  const { data, n, cols } = points;
  const found = await silhouettes(data, n, cols, labels, ks.at(-1)!, job, compare);
  const all = new Float64Array(ks.length * samples).fill(NaN);
  const scores = new Float64Array(ks.length);
  for (let m = 0; m < ks.length; m++) {
    for (let i = 0; i < n; i++) {
      const row = picked ? picked[i]! : i;
      all[m * samples + (kept ? kept[row]! : row)] = found[m * n + i]!;
      scores[m]! += found[m * n + i]! / n;
    }
  }
  const notes = picked
    ? [
        `Silhouettes compare ${n} of ${rows} pixels, drawn in equal shares from all clusters; sample_size sets how many.`,
      ]
    : [];
  return {
    ks,
    scores,
    best: chooseSilhouette(ks, scores),
    arrays: { silhouette_samples: { dtype: 'float64', shape: [ks.length, samples], data: all } },
    notes,
  };
}

/** Rows of each cluster in proportion to its size, in order; every cluster keeps one at least. */
function stratified(labels: Int32Array, size: number, random: Random): Int32Array {
  const members = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const known = members.get(label);
    if (known) known.push(row);
    else members.set(label, [row]);
  });
  const picked: number[] = [];
  for (const label of [...members.keys()].sort((a, b) => a - b)) {
    const rows = members.get(label)!;
    const count = Math.max(1, Math.round((rows.length * size) / labels.length));
    const order = random.permutation(rows.length);
    for (let i = 0; i < Math.min(count, rows.length); i++) picked.push(rows[order[i]!]!);
  }
  return Int32Array.from(picked).sort();
}
