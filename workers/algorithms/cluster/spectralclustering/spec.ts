import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { clusterConflict, clusterLimits, clusterParams, numberOfClusters, reduceParams } from '../pipeline/spec.ts';

/** The likeness of so many pixels takes 200 MB and its eigenvectors a minute. */
export const mostNodes = 5000;

export const spectralclustering = defineAlgorithm({
  id: 'spectralclustering',
  family: 'cluster_analysis',
  title: 'Spectral clustering',
  summary: 'Cuts the graph of similar pixels where few links are lost; finds long and bent groups that k-means splits.',
  question: 'Which pixels connect?',
  reference:
    'Shi & Malik, IEEE Trans. Pattern Anal. Mach. Intell. 22, 888 (2000); von Luxburg, Stat. Comput. 17, 395 (2007)',
  params: {
    n_clusters: numberOfClusters(),
    ...clusterParams,
    affinity: {
      kind: 'choice',
      default: 'rbf',
      options: [
        { value: 'rbf', label: 'Falls with distance' },
        { value: 'nearest_neighbors', label: 'Nearest neighbours' },
      ],
      label: 'Likeness',
      help: 'What makes two pixels similar: exp(−gamma · squared distance), or being nearest neighbours.',
    },
    gamma: {
      kind: 'number',
      default: 1,
      min: 1e-12,
      max: 1e12,
      label: 'Gamma',
      help: 'How fast likeness falls with squared distance. 1/(columns × variance) suits most data.',
      when: { param: 'affinity', is: ['rbf'] },
    },
    n_neighbors: {
      kind: 'integer',
      default: 10,
      min: 2,
      max: 5000,
      label: 'Neighbours',
      help: 'How many nearest neighbours a pixel is linked to, itself counted.',
      when: { param: 'affinity', is: ['nearest_neighbors'] },
    },
    n_init: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 10_000,
      label: 'Starts',
      help: 'How many random starts of the k-means that ends the method.',
      advanced: true,
    },
    ...reduceParams,
  },
  phases: ['Reading the data', 'Comparing pixels', 'Grouping', 'Describing the clusters'],
  usesSeed: () => true,
  limits: clusterLimits,
  estimate({ samples, features }, { reduction, reduced_size }, threads) {
    const n = Math.min(reduction === null ? mostNodes : reduced_size, samples);
    return {
      bytes: 8 * n * n * 4 + 8 * n * features * (1 + threads) + 64 * samples,
      seconds: 0.02 + (n * n * features) / (4e9 * threads) + (2 * n ** 3) / 4e9,
    };
  },
  conflict: clusterConflict,
});
