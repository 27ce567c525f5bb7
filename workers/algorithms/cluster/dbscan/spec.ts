import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { clusterConflict, clusterParams } from '../pipeline/spec.ts';

export const dbscan = defineAlgorithm({
  id: 'dbscan',
  family: 'cluster_analysis',
  title: 'DBSCAN',
  summary: 'Finds groups of any shape and number where pixels lie densely, and leaves the rest out as noise.',
  question: 'Which pixels stand out?',
  reference: 'Ester, Kriegel, Sander & Xu, KDD, 226 (1996)',
  params: {
    eps: {
      kind: 'number',
      default: 0.5,
      min: 1e-300,
      max: 1e300,
      label: 'Reach',
      help: 'Largest distance of neighbours, in the units of what is clustered. The result shows a curve to choose it by.',
    },
    min_samples: {
      kind: 'integer',
      default: 5,
      min: 1,
      max: 1_000_000,
      label: 'Neighbours',
      help: 'How many pixels must be within reach, the pixel itself counted, for a dense place.',
    },
    ...clusterParams,
  },
  phases: ['Reading the data', 'Counting neighbours', 'Joining', 'Describing the clusters'],
  usesSeed: () => true,
  limits: ({ samples }) => ({
    min_samples: { min: 1, max: Math.max(5, samples), why: `there are ${samples} pixels that are not masked` },
  }),
  estimate: ({ samples, features }, _values, threads) => ({
    bytes: 8 * samples * features * (1 + threads) + 100 * samples,
    seconds: 0.02 + (1.5 * samples * samples * (features + 4)) / (2e9 * threads),
  }),
  conflict: clusterConflict,
});
