import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams } from '../../../specs/decomposition-params.ts';
import { estimateDictionary } from '../dictionary/estimate.ts';
import { sparseParams } from '../dictionary/spec.ts';

export const miniBatchSparsePca = defineAlgorithm({
  id: 'mini_batch_sparse_pca',
  family: 'decomposition',
  title: 'Sparse principal components, in mini-batches',
  summary:
    'Finds spectra that are zero in most channels by looking at a few channels at a time, faster and less exactly.',
  question: 'Which few channels matter?',
  reference: 'Mairal, Bach, Ponce & Sapiro, J. Mach. Learn. Res. 11, 19 (2010)',
  params: {
    ...decompositionParams,
    ...sparseParams,
    max_iter: {
      kind: 'integer',
      default: null,
      min: 1,
      max: 1_000_000,
      label: 'Most rounds over all channels',
      help: 'Rounds after which to stop at the latest. Empty: 1000 mini-batches, without a test for stopping earlier.',
      optional: '1000 mini-batches',
    },
    tol: {
      kind: 'number',
      default: 1e-3,
      min: 0,
      max: 1e300,
      label: 'Tolerance',
      help: 'With rounds given: stops when a mini-batch moves the maps by less than this per component; 0 never does.',
      advanced: true,
    },
    batch_size: {
      kind: 'integer',
      default: 3,
      min: 1,
      max: 1_000_000,
      label: 'Channels in a mini-batch',
      help: 'How many channels are looked at before the components are improved.',
      advanced: true,
    },
    shuffle: {
      kind: 'boolean',
      default: true,
      label: 'Shuffle the channels',
      help: 'Takes the channels in random order, so that a mini-batch does not hold neighbours only.',
      advanced: true,
    },
    max_no_improvement: {
      kind: 'integer',
      default: null,
      min: 0,
      max: 1_000_000,
      label: 'Mini-batches without improvement',
      help: 'With rounds given: stops after this many mini-batches in a row without a lower cost; 0 never does.',
      optional: '10, or never when the tolerance is 0',
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Adding up products', 'Learning components', 'Computing the maps', 'Filling in'],
  canKeep: true,
  usesSeed: () => true,
  limits: (shape) => ({ output_dimension: componentLimit(shape) }),
  estimate: (shape, values, threads) => estimateDictionary(shape, values.output_dimension, threads, 10),
  conflict: () => null,
});
