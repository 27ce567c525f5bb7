/** A decomposition as the only step of a recipe. */
const decomposition = (algorithm, parameters) => [{ do: 'decomposition', algorithm, parameters }];

/**
 * What is timed: by the peer's name of the workload, the input, our steps (each of the one before; the last is timed),
 * and how equal quality is judged (quality.py). `asked`: the ratio to stay below.
 */
export const workloads = {
  svd: {
    input: 'si-128x128x1024',
    steps: decomposition('SVD', { normalize_poissonian_noise: true }),
    quality: 'variance',
    asked: 0.4,
  },
  'svd-10': {
    input: 'si-128x128x1024',
    steps: decomposition('SVD', {
      normalize_poissonian_noise: true,
      output_dimension: 10,
      svd_solver: 'randomized',
    }),
    quality: 'variance',
    asked: 0.9,
  },
  pca: {
    input: 'si-128x128x1024',
    steps: decomposition('sklearn_pca', { output_dimension: 10 }),
    quality: 'variance',
  },
  nmf: {
    input: 'si-128x128x1024',
    steps: decomposition('NMF', { output_dimension: 5 }),
    quality: 'frobenius',
    asked: 0.7,
  },
  rpca: {
    input: 'si-64x64x512',
    steps: decomposition('RPCA', { output_dimension: 5 }),
    quality: 'huber',
    asked: 0.12,
  },
  orpca: {
    input: 'si-64x64x512',
    steps: decomposition('ORPCA', { output_dimension: 5 }),
    quality: 'robust',
    asked: 0.2,
  },
  ornmf: {
    input: 'si-64x64x512',
    steps: decomposition('ORNMF', { output_dimension: 5 }),
    quality: 'robust',
    asked: 0.1,
  },
  mlpca: {
    input: 'si-64x64x256',
    steps: decomposition('MLPCA', { output_dimension: 5 }),
    quality: 'weighted',
    asked: 0.1,
  },
  sparse_pca: {
    input: 'si-64x64x512',
    steps: decomposition('sparse_pca', { output_dimension: 5 }),
    quality: 'sparse',
    asked: 0.25,
  },
};

/** The decomposition that HyperSpy's side of the later workloads makes first; its time does not count on either side. */
const components = decomposition('SVD', {
  normalize_poissonian_noise: true,
  output_dimension: 10,
  svd_solver: 'randomized',
});
const loadings = { cluster_source: 'decomposition', number_of_components: 5 };

Object.assign(workloads, {
  kmeans: {
    input: 'si-128x128x1024',
    steps: [
      {
        do: 'cluster_analysis',
        algorithm: 'kmeans',
        parameters: { cluster_source: 'signal', n_clusters: 5, preprocessing: 'norm', n_init: 10 },
      },
    ],
    quality: 'inertia',
    asked: 0.4,
  },
  'kmeans-loadings': {
    input: 'si-128x128x1024',
    steps: [
      ...components,
      { do: 'cluster_analysis', algorithm: 'kmeans', parameters: { ...loadings, n_clusters: 5, n_init: 10 } },
    ],
    quality: 'inertia',
    asked: 0.4,
  },
  gap: {
    input: 'si-64x64x512',
    steps: [
      ...components,
      {
        do: 'estimate_number_of_clusters',
        parameters: { ...loadings, metric: 'gap', max_clusters: 10, n_ref: 4 },
      },
    ],
    asked: 0.15,
  },
  silhouette: {
    input: 'si-64x64x512',
    steps: [
      ...components,
      { do: 'estimate_number_of_clusters', parameters: { ...loadings, metric: 'silhouette', max_clusters: 6 } },
    ],
    quality: 'silhouette',
    asked: 0.6,
  },
  fastica: {
    input: 'si-128x128x1024',
    steps: [
      ...components,
      {
        do: 'blind_source_separation',
        algorithm: 'sklearn_fastica',
        parameters: { number_of_components: 5, on_loadings: true },
      },
    ],
    quality: 'contrast',
    asked: 0.7,
  },
  gmm: {
    input: 'normal-20000x8',
    steps: [{ do: 'gaussian_mixture', parameters: { n_components: 5 } }],
    quality: 'log_likelihood',
    asked: 0.8,
  },
});

/** How time grows: one size at a time is varied, the others stay at the middle. */
export const growth = {
  algorithms: {
    SVD: { normalize_poissonian_noise: true, svd_solver: 'randomized' },
    NMF: {},
  },
  middle: { side: 128, channels: 512, components: 10 },
  sizes: { side: [64, 128, 256], channels: [256, 512, 1024], components: [5, 10, 20] },
};
