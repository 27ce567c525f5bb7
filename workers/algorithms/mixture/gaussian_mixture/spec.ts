import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { estimateMixture, fitParams, maskParams, sourceParams } from '../../../specs/mixture-params.ts';
import { peakConflict } from '../../../specs/peak-params.ts';

export const gaussianMixture = defineAlgorithm({
  id: 'gaussian_mixture',
  family: 'mixture',
  title: 'Gaussian mixture',
  summary: 'Describes the pixels as a few overlapping Gaussian clouds and tells how likely each pixel belongs to each.',
  question: 'How sure is each pixel?',
  reference: 'Dempster, Laird & Rubin, J. R. Stat. Soc. B 39, 1 (1977)',
  params: {
    n_components: {
      kind: 'integer',
      default: 1,
      min: 1,
      max: 10_000,
      label: 'Clouds',
      help: 'How many Gaussian components to fit. Number of Gaussian clouds compares several numbers.',
    },
    ...sourceParams,
    ...fitParams,
    ...maskParams,
  },
  phases: ['Reading the data', 'Looking for a start', 'Iterating', 'Assigning pixels'],
  canKeep: true,
  usesSeed: ({ n_components: k }) => k > 1,
  limits: ({ samples }) => ({
    n_components: { min: 1, max: Math.max(1, samples), why: `there are ${samples} pixels that are not masked` },
  }),
  estimate: (shape, values, threads) =>
    estimateMixture(
      shape,
      {
        k: values.n_components,
        type: values.covariance_type,
        starts: values.n_init,
        iterations: Math.min(30, values.max_iter),
        columns: values.cluster_source === 'signal' ? null : (values.number_of_components ?? 20),
      },
      threads,
    ),
  conflict: peakConflict,
});
