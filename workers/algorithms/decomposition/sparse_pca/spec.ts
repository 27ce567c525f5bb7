import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams } from '../../../specs/decomposition-params.ts';
import { estimateDictionary } from '../dictionary/estimate.ts';
import { sparseParams } from '../dictionary/spec.ts';

export const sparsePca = defineAlgorithm({
  id: 'sparse_pca',
  family: 'decomposition',
  title: 'Sparse principal components',
  summary: 'Describes the differences from the mean spectrum by spectra that are exactly zero in most channels.',
  question: 'Which few channels matter?',
  reference: 'Zou, Hastie & Tibshirani, J. Comput. Graph. Stat. 15, 265 (2006)',
  params: {
    ...decompositionParams,
    ...sparseParams,
    max_iter: {
      kind: 'integer',
      default: 1000,
      min: 1,
      max: 1_000_000,
      label: 'Most rounds',
      help: 'Stops after this many rounds even when the result is still changing.',
      advanced: true,
    },
    tol: {
      kind: 'number',
      default: 1e-8,
      min: 0,
      max: 1,
      label: 'Tolerance',
      help: 'Stops when a round lowers the cost by less than this share of it.',
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Adding up products', 'Learning components', 'Computing the maps', 'Filling in'],
  canKeep: true,
  usesSeed: () => true,
  limits: (shape) => ({ output_dimension: componentLimit(shape) }),
  estimate: (shape, values, threads) => estimateDictionary(shape, values.output_dimension, threads, 200),
  conflict: () => null,
});
