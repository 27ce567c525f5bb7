import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { estimateKmeans } from '../lloyd/estimate.ts';
import { clusterConflict, clusterLimits, clusterParams, firstCentres, numberOfClusters } from '../pipeline/spec.ts';

export const kmeans = defineAlgorithm({
  id: 'kmeans',
  family: 'cluster_analysis',
  title: 'k-means',
  summary: 'Groups pixels around k centres so that the squared distances to them are as small as possible.',
  question: 'Which pixels are alike?',
  reference:
    'Lloyd, IEEE Trans. Inf. Theory 28, 129 (1982); Arthur & Vassilvitskii, SODA, 1027 (2007); Hamerly, SDM, 130 (2010)',
  params: {
    n_clusters: numberOfClusters(),
    ...clusterParams,
    init: firstCentres,
    n_init: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 10_000,
      label: 'Starts',
      help: 'How many random starts; the best result is kept.',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 300,
      min: 1,
      max: 1_000_000,
      label: 'Most iterations',
      help: 'A start ends after so many rounds even when centres still move.',
      advanced: true,
    },
    tol: {
      kind: 'number',
      default: 1e-4,
      min: 0,
      max: 1,
      label: 'Tolerance',
      help: 'A start ends when its centres move by less than this, relative to the mean variance of the columns.',
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Searching from random starts', 'Refining the best', 'Describing the clusters'],
  canKeep: true,
  usesSeed: () => true,
  limits: clusterLimits,
  estimate: (shape, { n_clusters: k, n_init: starts }, threads) => estimateKmeans(shape, k, starts, threads),
  conflict: clusterConflict,
});
