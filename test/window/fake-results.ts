import type { LoadedArray } from '../../main/contract/client.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { treeOf } from './fake-tree.ts';
import { randomNumbers, type Synthetic } from './synthetic.ts';

/* Results of a specimen for pictures of the window, put together from what the specimen is made of. */

type Stored = Record<string, LoadedArray>;
type Truth = NonNullable<Synthetic['truth']>;

export interface FakeResult {
  record: Pick<ResultRecord, 'id' | 'name'> & Partial<ResultRecord>;
  arrays: Stored;
}

const matrix = (columns: readonly ArrayLike<number>[]): LoadedArray => {
  const rows = columns[0]?.length ?? 0;
  const data = new Float64Array(rows * columns.length);
  columns.forEach((column, c) => {
    for (let r = 0; r < rows; r++) data[r * columns.length + c] = column[r] ?? 0;
  });
  return { dtype: 'float64', shape: [rows, columns.length], data };
};
const rowsOf = (rows: readonly ArrayLike<number>[]): LoadedArray => {
  const columns = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, r) => data.set(Array.from(row), r * columns));
  return { dtype: 'float64', shape: [rows.length, columns], data };
};
const vector = (values: ArrayLike<number>): LoadedArray => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});
const noise = (count: number, size: number, seed: number): Float64Array => {
  const next = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => size * (next() + next() + next() - 1.5));
};

/** Orthonormal spectra that span the same space, and the maps that go with them. */
function orthogonal({ maps, spectra }: Truth): Truth {
  const factors: Float64Array[] = [];
  const loadings: Float64Array[] = [];
  for (const spectrum of spectra) {
    const left = Float64Array.from(spectrum);
    for (const factor of factors) {
      const along = left.reduce((sum, v, j) => sum + v * (factor[j] ?? 0), 0);
      factor.forEach((v, j) => (left[j] = (left[j] ?? 0) - along * v));
    }
    const size = Math.hypot(...left);
    factors.push(left.map((v) => v / size));
  }
  for (const factor of factors) {
    const weights = spectra.map((spectrum) => spectrum.reduce((sum, v, j) => sum + v * (factor[j] ?? 0), 0));
    loadings.push(
      Float64Array.from(maps[0] ?? [], (_, i) =>
        maps.reduce((sum, map, m) => sum + (map[i] ?? 0) * (weights[m] ?? 0), 0),
      ),
    );
  }
  return { maps: loadings, spectra: factors };
}

export function fakeResults({ maps, spectra }: Truth): FakeResult[] {
  const pixels = maps[0]?.length ?? 0;
  const channels = spectra[0]?.length ?? 0;
  const base = orthogonal({ maps, spectra });
  const noisy = Array.from({ length: 9 }, (_, k) => k);
  const factors = [...base.spectra, ...noisy.map((k) => noise(channels, 0.06, 31 + k))];
  const loadings = [...base.maps, ...noisy.map((k) => noise(pixels, 900 - 40 * k, 71 + k))];
  const sizes = loadings.map((map) => map.reduce((sum, v) => sum + v * v, 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);

  const labels = Int32Array.from({ length: pixels }, (_, i) => {
    const shares = maps.map((map) => map[i] ?? 0);
    const most = Math.max(...shares);
    return most < 0.25 ? 0 : 1 + shares.indexOf(most);
  });
  const members = [0, 1, 2, 3].map((cluster) => Uint8Array.from(labels, (label) => (label === cluster ? 1 : 0)));
  const order = [0, 1, 2, 3].sort((a, b) => sum(members[b]) - sum(members[a]));
  const sorted = order.map((cluster) => members[cluster] ?? new Uint8Array());
  const rank = order.map((_, cluster) => order.indexOf(cluster));
  const sums = sorted.map((member) =>
    Float64Array.from({ length: channels }, (_, j) =>
      spectra.reduce((all, spectrum, m) => {
        const weight = maps[m]?.reduce((s, v, i) => s + v * (member[i] ?? 0), 0) ?? 0;
        return all + weight * (spectrum[j] ?? 0);
      }, 0),
    ),
  );
  const counts = sorted.map(sum);
  const means = sums.map((values, c) => values.map((v) => v / Math.max(1, counts[c] ?? 1)));
  const centroids = sorted.map((member, c) =>
    base.maps.map((map) => map.reduce((s, v, i) => s + v * (member[i] ?? 0), 0) / Math.max(1, counts[c] ?? 1)),
  );
  const distances = centroids.map((centroid) =>
    Float64Array.from({ length: pixels }, (_, i) =>
      Math.hypot(...base.maps.map((map, m) => (map[i] ?? 0) - (centroid[m] ?? 0))),
    ),
  );

  return [
    {
      record: {
        id: 'r-svd',
        name: 'SVD 12',
        parameters: { output_dimension: 12, normalize_poissonian_noise: false },
        scalars: { number_significant_components: 3, captured_fraction: 0.9931 },
      },
      arrays: {
        factors: matrix(factors),
        loadings: matrix(loadings),
        explained_variance: vector(sizes.map((size) => size / pixels)),
        explained_variance_ratio: vector(sizes.map((size) => size / total)),
      },
    },
    {
      record: {
        id: 'r-nmf',
        name: 'NMF 3 · masked',
        algorithm: 'NMF',
        parameters: { output_dimension: 3 },
        starred: true,
        scalars: { captured_fraction: 0.9921, iterations: 200, converged: true },
      },
      arrays: { factors: matrix(spectra), loadings: matrix(maps) },
    },
    {
      record: {
        id: 'r-ica',
        name: 'FastICA 3',
        kind: 'blind_source_separation',
        operation: 'blind_source_separation',
        algorithm: 'sklearn_fastica',
        parent: 'r-svd',
        parameters: { number_of_components: 3, on_loadings: false, diff_order: 1 },
        scalars: { iterations: 14, converged: true },
        notes: ['Component 3 came out differently from other starts (stability below 0.7).'],
      },
      arrays: {
        bss_factors: matrix(spectra.map((s) => s.map((v, j) => v + 0.01 * (spectra[0]?.[j] ?? 0)))),
        bss_loadings: matrix(maps.map((map, m) => map.map((v, i) => v - 0.06 * (maps[(m + 1) % 3]?.[i] ?? 0)))),
        unmixing_matrix: matrix([
          vector([1, 0, 0]).data,
          vector([0, 1, 0]).data,
          vector([0, 0, 1]).data,
        ] as Float64Array[]),
        stability: vector([0.99, 0.94, 0.61]),
      },
    },
    {
      record: {
        id: 'r-counts',
        name: 'Number of clusters · gap',
        kind: 'estimate',
        operation: 'estimate_number_of_clusters',
        algorithm: null,
        parent: 'r-svd',
        parameters: { cluster_source: 'decomposition', metric: 'gap', max_clusters: 8 },
        scalars: { best_k: 4 },
      },
      arrays: {
        cluster_metric_index: { dtype: 'int32', shape: [8], data: Int32Array.from([1, 2, 3, 4, 5, 6, 7, 8]) },
        cluster_metric_data: vector([0.21, 0.48, 0.83, 1.21, 1.2, 1.22, 1.19, 1.2]),
      },
    },
    {
      record: {
        id: 'r-kmeans',
        name: 'k-means 4',
        kind: 'cluster_analysis',
        operation: 'cluster_analysis',
        algorithm: 'kmeans',
        parent: 'r-svd',
        parameters: { cluster_source: 'decomposition', n_clusters: 4, number_of_components: 3, preprocessing: null },
        scalars: { inertia: 8.4e9, iterations: 9, n_clusters: 4 },
      },
      arrays: {
        labels: { dtype: 'int32', shape: [pixels], data: labels.map((label) => rank[label] ?? 0) },
        cluster_labels: {
          dtype: 'bool',
          shape: [4, pixels],
          data: Uint8Array.from({ length: 4 * pixels }, (_, i) => sorted[Math.floor(i / pixels)]?.[i % pixels] ?? 0),
        },
        cluster_distances: rowsOf(distances),
        cluster_centroids: rowsOf(centroids),
        cluster_sum_signals: rowsOf(sums),
        cluster_centroid_signals: rowsOf(means),
      },
    },
    {
      record: {
        id: 'r-tree',
        name: 'agglomerative 4',
        kind: 'cluster_analysis',
        operation: 'cluster_analysis',
        algorithm: 'agglomerative',
        parent: 'r-svd',
        parameters: { cluster_source: 'decomposition', n_clusters: 4, number_of_components: 3, reduction: 'kmeans' },
        scalars: { n_clusters: 4 },
      },
      arrays: treeOf(base.maps, 4, 180),
    },
    {
      record: {
        id: 'r-silhouettes',
        name: 'silhouettes',
        kind: 'estimate',
        operation: 'estimate_number_of_clusters',
        algorithm: null,
        parent: 'r-svd',
        parameters: { cluster_source: 'decomposition', number_of_components: 3, metric: 'silhouette', max_clusters: 4 },
        scalars: { best_k: 4 },
      },
      arrays: {
        cluster_metric_index: { dtype: 'int32', shape: [3], data: Int32Array.from([2, 3, 4]) },
        cluster_metric_data: vector([0.52, 0.6, 0.71]),
        silhouette_samples: silhouettesOf(
          distances,
          labels.map((label) => rank[label] ?? 0),
        ),
      },
    },
    {
      record: {
        id: 'r-mixture',
        name: 'mixture 3',
        kind: 'mixture',
        operation: 'gaussian_mixture',
        algorithm: 'gaussian_mixture',
        parent: 'r-svd',
        parameters: { cluster_source: 'decomposition', n_components: 3, covariance_type: 'full' },
        scalars: { n_components: 3, aic: 1.2e5, bic: 1.3e5, iterations: 21, converged: true },
        display: { names: ['Grains', 'Rims', 'Film'], colours: [2, 3, 1], shownAs: [0, 1, 2] },
      },
      arrays: mixtureOf(maps, labels),
    },
  ];
}

/** By the distances to the centres; the same for every number of clusters. */
function silhouettesOf(distances: readonly Float64Array[], labels: Int32Array): LoadedArray {
  const row = Float64Array.from(labels, (own, p) => {
    const a = distances[own]?.[p] ?? 0;
    const b = Math.min(...distances.filter((_, c) => c !== own).map((one) => one[p] ?? 0));
    return (b - a) / Math.max(a, b);
  });
  return rowsOf([row, row, row]);
}

/** Soft shares of the parts as probabilities; pixels of the vacuum belong to none. */
function mixtureOf(maps: readonly ArrayLike<number>[], labels: Int32Array): Stored {
  const pixels = labels.length;
  const shares = Float64Array.from({ length: 3 * pixels }, (_, at) => {
    const p = Math.floor(at / 3);
    const all = maps.reduce((total, map) => total + Math.max(0, map[p] ?? 0) ** 2, 1e-9);
    return labels[p] === 0 ? NaN : Math.max(0, maps[at % 3]?.[p] ?? 0) ** 2 / all;
  });
  const entropy = Float64Array.from({ length: pixels }, (_, p) =>
    [0, 1, 2].reduce((h, c) => {
      const r = shares[3 * p + c] ?? 0;
      return r === 0 ? h : h - r * Math.log(r);
    }, 0),
  );
  return {
    labels: { dtype: 'int32', shape: [pixels], data: labels.map((label) => label - 1) },
    weights: vector([0.4, 0.2, 0.4]),
    predict_proba: { dtype: 'float64', shape: [pixels, 3], data: shares },
    entropy: vector(entropy),
  };
}

const sum = (values: ArrayLike<number> | undefined): number => Array.from(values ?? []).reduce((a, b) => a + b, 0);
