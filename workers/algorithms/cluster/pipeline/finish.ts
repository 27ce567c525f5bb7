import type { Job } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { openView, viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { AlgorithmOutput, ResultArray, Scalar } from '../../../model/result.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { clusterDistancesPass } from './distances-pass.ts';
import { labelSumsPass } from './label-sums-pass.ts';
import { relabelBySize } from './relabel.ts';
import type { CentreSource, ClusterSource } from './source.ts';

/** What an algorithm finds. */
export interface Clustering {
  /** cluster of every row of B; −1 = none */
  labels: Int32Array;
  /** how many clusters the labels may name */
  k: number;
  scalars?: Record<string, Scalar>;
  notes?: string[];
  /** further arrays, from the order of the clusters (old number of each new one) and the samples that rows are */
  arrays?(order: readonly number[], places: { samples: number; kept?: Int32Array }): Record<string, ResultArray>;
}

/**
 * The steps after any clustering: clusters by size, centroids, distances, and the signals of the clusters.
 * @param view B, in which the clusters were looked for
 * @returns labels int32 [samples], cluster_labels bool [k × samples], cluster_centroids [k × columns], cluster_distances
 *   [k × samples], cluster_sum_signals and cluster_centroid_signals [k × channels]; scalars inertia, n_clusters
 */
export async function finishClustering(
  found: Clustering,
  source: ClusterSource,
  view: MatrixView,
  centres: CentreSource,
  job: Job,
  phase: number,
): Promise<AlgorithmOutput> {
  const { kept, samples } = source;
  const { labels, sizes, order } = relabelBySize(found.labels, found.k);
  const k = sizes.length;
  const { rows, cols } = viewShape(view);
  const all = new Int32Array(samples).fill(-1);
  const member = new Uint8Array(k * samples);
  for (let row = 0; row < rows; row++) {
    const sample = kept ? kept[row]! : row;
    const label = labels[row]!;
    all[sample] = label;
    if (label >= 0) member[label * samples + sample] = 1;
  }
  const centroids = await meansOf(view, labels, sizes, job, phase);
  const distances = job.allocate(k * samples).fill(NaN);
  const shared = { centroids, k, labels, out: distances, samples, ...(kept ? { rows: kept } : {}) };
  const { nearest, inertia } =
    k > 0 ? await job.run(clusterDistancesPass, view, shared, phase) : { nearest: new Int32Array(0), inertia: 0 };
  if (!Number.isFinite(inertia)) {
    throw new EigenscopeError(
      'not-finite',
      'Squared distances between pixels are larger than any number that can be kept. Divide the data by a large number first.',
    );
  }
  const places = Array.from(nearest, (row) => (kept ? kept[row]! : row));
  const signals = await signalsOf(centres, { labels, k, ...(kept ? { kept } : {}), places }, job, phase);
  const notes = [...source.notes, ...(found.notes ?? [])];
  const { channels } = centres;
  return {
    arrays: {
      labels: { dtype: 'int32', shape: [samples], data: all },
      cluster_labels: { dtype: 'bool', shape: [k, samples], data: member },
      cluster_distances: { dtype: 'float64', shape: [k, samples], data: distances },
      cluster_sum_signals: { dtype: 'float64', shape: [k, channels], data: signals.sums },
      cluster_centroid_signals: { dtype: 'float64', shape: [k, channels], data: signals.typical },
      cluster_centroids: { dtype: 'float64', shape: [k, cols], data: centroids },
      ...found.arrays?.(order, source),
    },
    scalars: { ...found.scalars, inertia, n_clusters: k },
    notes,
  };
}

/** Means of the rows of every cluster. */
async function meansOf(
  view: MatrixView,
  labels: Int32Array,
  sizes: readonly number[],
  job: Job,
  phase: number,
): Promise<Float64Array<SharedArrayBuffer>> {
  const { rows, cols } = viewShape(view);
  const k = sizes.length;
  if (k === 0) return job.allocate(0);
  const { sums } = await job.run(labelSumsPass, view, { labels, rows, k, clusterings: 1 }, phase);
  return shareFloats(
    job,
    sums.map((sum, i) => sum / sizes[Math.floor(i / cols)]!),
  );
}

interface Chosen {
  /** by kept pixel */
  labels: Int32Array;
  kept?: Int32Array<SharedArrayBuffer>;
  k: number;
  /** sample nearest to each centroid */
  places: readonly number[];
}

/** Sum over the members of each cluster, and the signal of the pixel nearest to its centroid. */
async function signalsOf(
  { rows: source, factors, channels }: CentreSource,
  { labels, kept, k, places }: Chosen,
  job: Job,
  phase: number,
): Promise<{ sums: Float64Array; typical: Float64Array }> {
  if (k === 0) return { sums: new Float64Array(0), typical: new Float64Array(0) };
  const view: MatrixView = { source, ...(kept ? { rows: kept } : {}) };
  const { sums } = await job.run(labelSumsPass, view, { labels, rows: labels.length, k, clusterings: 1 }, phase);
  const typical = new Float64Array(k * source.features);
  const open = openView({ source });
  try {
    const row = new Float64Array(source.features);
    places.forEach((place, c) => {
      open.read(place, place + 1, row);
      typical.set(row, c * source.features);
    });
  } finally {
    open.close();
  }
  if (!factors) return { sums, typical };
  const right = createMatrix(channels, source.features, factors);
  const model = (weights: Float64Array): Float64Array =>
    multiply(createMatrix(k, source.features, weights), right, { transposeB: true }).data;
  return { sums: model(sums), typical: model(typical) };
}
