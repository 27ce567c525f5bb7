import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  clusterConflict,
  clusterLimits,
  clusterParams,
  linkage,
  numberOfClusters,
  reduceParams,
} from '../pipeline/spec.ts';

/** Distances of so many pixels take 1.6 GB. */
export const mostLeaves = 20_000;

export const agglomerative = defineAlgorithm({
  id: 'agglomerative',
  family: 'cluster_analysis',
  title: 'Agglomerative clustering',
  summary: 'Joins the two most similar groups again and again, from single pixels up, into a tree of groups.',
  question: 'How do groups nest?',
  reference: 'Ward, J. Am. Stat. Assoc. 58, 236 (1963); Müllner, arXiv:1109.2378 (2011)',
  params: {
    n_clusters: numberOfClusters(2),
    ...clusterParams,
    linkage,
    distance_threshold: {
      kind: 'number',
      default: null,
      min: 0,
      max: 1e300,
      label: 'Largest distance',
      help: 'Joins groups only below this distance, in place of a number of clusters.',
      optional: 'a number of clusters',
      advanced: true,
    },
    ...reduceParams,
  },
  phases: ['Reading the data', 'Comparing pixels', 'Joining', 'Describing the clusters'],
  usesSeed: ({ reduction }) => reduction !== null,
  limits: clusterLimits,
  estimate({ samples, features }, { reduction, reduced_size }, threads) {
    const n = Math.min(reduction === null ? mostLeaves : reduced_size, samples);
    const pairs = (n * n) / 2;
    return {
      bytes: 8 * pairs + 8 * n * features * (1 + threads) + 64 * samples,
      seconds: 0.02 + (pairs * features) / (2e9 * threads) + (n * n) / 5e7,
    };
  },
  conflict: clusterConflict,
});
