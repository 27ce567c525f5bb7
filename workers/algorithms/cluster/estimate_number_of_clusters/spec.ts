import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { clusterConflict, clusterParams, linkage } from '../pipeline/spec.ts';
import { estimateKmeans } from '../lloyd/estimate.ts';

const { source_for_centers: _centres, ...sourceParams } = clusterParams;

export const estimateNumberOfClusters = defineAlgorithm({
  id: 'estimate_number_of_clusters',
  family: 'estimate',
  title: 'Number of clusters',
  summary: 'Clusters with several numbers of groups and compares how well they describe the pixels.',
  question: 'How many clusters?',
  reference:
    'Tibshirani, Walther & Hastie, J. R. Stat. Soc. B 63, 411 (2001); Rousseeuw, J. Comput. Appl. Math. 20, 53 (1987)',
  params: {
    metric: {
      kind: 'choice',
      default: 'gap',
      options: [
        { value: 'gap', label: 'Gap to data without clusters' },
        { value: 'silhouette', label: 'Silhouette' },
        { value: 'elbow', label: 'Knee of the curve' },
        { value: 'calinski_harabasz', label: 'Caliński–Harabasz' },
        { value: 'davies_bouldin', label: 'Davies–Bouldin' },
        { value: 'stability', label: 'Stability' },
      ],
      label: 'Compare by',
      help: 'What tells a good number of groups from a bad one. Only the gap can say that there are no groups at all.',
    },
    max_clusters: {
      kind: 'integer',
      default: 10,
      min: 2,
      max: 1000,
      label: 'Most clusters',
      help: 'Numbers of groups up to this one are compared.',
    },
    ...sourceParams,
    algorithm: {
      kind: 'choice',
      default: 'kmeans',
      options: [
        { value: 'kmeans', label: 'k-means' },
        { value: 'minibatchkmeans', label: 'Mini-batch k-means' },
        { value: 'agglomerative', label: 'Agglomerative' },
        { value: 'spectralclustering', label: 'Spectral' },
      ],
      label: 'Algorithm',
      help: 'With what the pixels are grouped.',
      advanced: true,
    },
    n_init: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 10_000,
      label: 'Starts',
      help: 'How many random starts of k-means for each number of groups.',
      when: { param: 'algorithm', is: ['kmeans', 'minibatchkmeans'] },
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 300,
      min: 1,
      max: 1_000_000,
      label: 'Most iterations',
      help: 'A start of k-means ends after so many rounds.',
      when: { param: 'algorithm', is: ['kmeans'] },
      advanced: true,
    },
    tol: {
      kind: 'number',
      default: 1e-4,
      min: 0,
      max: 1,
      label: 'Tolerance',
      help: 'A start of k-means ends when its centres move by less, relative to the mean variance of the columns.',
      when: { param: 'algorithm', is: ['kmeans'] },
      advanced: true,
    },
    linkage: {
      ...linkage,
      help: 'Which groups are joined next by agglomerative clustering.',
      when: { param: 'algorithm', is: ['agglomerative'] },
      advanced: true,
    },
    gamma: {
      kind: 'number',
      default: 1,
      min: 1e-12,
      max: 1e12,
      label: 'Gamma',
      help: 'How fast the likeness of two pixels falls with their squared distance in spectral clustering.',
      when: { param: 'algorithm', is: ['spectralclustering'] },
      advanced: true,
    },
    gap_reference: {
      kind: 'choice',
      default: 'uniform',
      options: [
        { value: 'uniform', label: 'Even in the box of the data' },
        { value: 'line', label: 'On its diagonal (HyperSpy)' },
      ],
      label: 'Data without clusters',
      help: 'With what the gap compares: points drawn evenly from the box along the principal axes, or HyperSpy’s line.',
      when: { param: 'metric', is: ['gap'] },
      advanced: true,
    },
    n_ref: {
      kind: 'integer',
      default: 4,
      min: 1,
      max: 1000,
      label: 'Reference sets',
      help: 'How many sets without clusters the gap is averaged over; more give a steadier result.',
      when: { param: 'metric', is: ['gap'] },
      advanced: true,
    },
    sample_size: {
      kind: 'integer',
      default: 20_000,
      min: 10,
      max: 1_000_000,
      label: 'Pixels compared',
      help: 'Silhouettes compare all pairs of so many pixels at most, drawn in equal shares from all clusters.',
      when: { param: 'metric', is: ['silhouette'] },
      advanced: true,
    },
    n_bootstraps: {
      kind: 'integer',
      default: 20,
      min: 2,
      max: 10_000,
      label: 'Repetitions',
      help: 'How many times pixels are drawn with repetition to see whether the same groups are found.',
      when: { param: 'metric', is: ['stability'] },
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Clustering', 'Refining', 'Comparing'],
  usesSeed: () => true,
  limits: () => ({}),
  estimate(
    shape,
    { max_clusters: most, n_init: starts, metric, n_ref: references, n_bootstraps: times, algorithm },
    threads,
  ) {
    const once = estimateKmeans(shape, most, starts, threads);
    const repeats = metric === 'gap' ? 1 + references : metric === 'stability' ? 1 + times : 1;
    const { samples, features } = shape;
    const pairs = algorithm === 'agglomerative' || algorithm === 'spectralclustering' ? 8 * samples * samples : 0;
    const reference = metric === 'gap' ? 8 * samples * features * (features <= 32 ? references : 1) : 0;
    const bytes = once.bytes + 4 * samples * most + reference + (samples <= 20_000 ? pairs : 0);
    return { bytes, seconds: once.seconds * repeats * most * 0.5 };
  },
  conflict(values) {
    if (values.metric === 'stability' && values.algorithm !== 'kmeans') {
      return {
        param: 'algorithm',
        message: `algorithm must be kmeans when metric is stability, which assigns left-out pixels to centres; got ${values.algorithm}.`,
      };
    }
    return clusterConflict(values);
  },
});
