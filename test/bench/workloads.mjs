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

/** How time grows: one size at a time is varied, the others stay at the middle. */
export const growth = {
  algorithms: {
    SVD: { normalize_poissonian_noise: true, svd_solver: 'randomized' },
    NMF: {},
  },
  middle: { side: 128, channels: 512, components: 10 },
  sizes: { side: [64, 128, 256], channels: [256, 512, 1024], components: [5, 10, 20] },
};
