import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { clusterConflict, clusterLimits, clusterParams, numberOfClusters } from '../pipeline/spec.ts';

export const fuzzyCMeans = defineAlgorithm({
  id: 'fuzzy_c_means',
  family: 'cluster_analysis',
  title: 'Fuzzy c-means',
  summary: 'Like k-means, but every pixel belongs to each group to some degree: shows mixed pixels and soft borders.',
  question: 'How sure is each pixel?',
  reference: 'Bezdek, Pattern Recognition with Fuzzy Objective Function Algorithms, Plenum, New York (1981)',
  params: {
    n_clusters: numberOfClusters(),
    ...clusterParams,
    fuzziness: {
      kind: 'number',
      default: 2,
      min: 1.01,
      max: 100,
      label: 'Fuzziness',
      help: 'Exponent m of the memberships: near 1 nearly as sharp as k-means, larger is softer.',
    },
    max_iter: {
      kind: 'integer',
      default: 300,
      min: 1,
      max: 1_000_000,
      label: 'Most iterations',
      help: 'The search ends after so many rounds even when memberships still change.',
      advanced: true,
    },
    tol: {
      kind: 'number',
      default: 1e-5,
      min: 0,
      max: 1,
      label: 'Tolerance',
      help: 'The search ends when no membership changes by more than this.',
      advanced: true,
    },
    n_init: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 10_000,
      label: 'Starts',
      help: 'How many random starts of the k-means that gives the first centres.',
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Finding first centres', 'Refining memberships', 'Describing the clusters'],
  canKeep: true,
  usesSeed: () => true,
  limits: clusterLimits,
  estimate: ({ samples, features }, { n_clusters: k }, threads) => ({
    bytes: 8 * samples * (3 * k + 48 + 10) + 64 * k * features * 8,
    seconds: 0.05 + (60 * samples * features * k) / (1e9 * threads),
  }),
  conflict: clusterConflict,
});
