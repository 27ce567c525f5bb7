import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams, requiredComponents } from '../../../specs/decomposition-params.ts';
import { estimateOnline } from '../online/estimate.ts';
import { onlineParams } from '../online/spec.ts';

export const orpca = defineAlgorithm({
  id: 'ORPCA',
  family: 'decomposition',
  title: 'Robust PCA, online',
  summary: 'Finds components that outliers do not pull away, in a single look at the data.',
  question: 'What is left without outliers?',
  reference: 'Feng, Xu & Yan, Advances in Neural Information Processing Systems 26, 404 (2013)',
  params: {
    ...decompositionParams,
    output_dimension: requiredComponents,
    lambda1: {
      kind: 'number',
      default: 0.1,
      min: 1e-9,
      max: 1e9,
      label: 'Size penalty (λ₁)',
      help: 'Keeps components and weights small; small beside the squared weights, large enough to steady the start.',
    },
    lambda2: {
      kind: 'number',
      default: 1,
      min: 0,
      max: 1e9,
      label: 'Outlier threshold (λ₂)',
      help: 'Deviations beyond this count as outliers, in units of the data: about three times the noise.',
    },
    method: {
      kind: 'choice',
      default: 'BCD',
      options: [
        { value: 'CF', label: 'Closed form' },
        { value: 'BCD', label: 'Block-coordinate descent' },
        { value: 'SGD', label: 'Stochastic gradient' },
        { value: 'MomentumSGD', label: 'Stochastic gradient with momentum' },
      ],
      label: 'Method',
      help: 'How the components follow the data. The first two remember everything seen, the gradients forget.',
    },
    init: {
      kind: 'choice',
      default: 'qr',
      options: [
        { value: 'qr', label: 'The first samples' },
        { value: 'rand', label: 'Random' },
        { value: 'array', label: 'An array' },
      ],
      label: 'Start from',
      help: 'Directions to start from. Random depends on the seed.',
      advanced: true,
    },
    init_array: {
      kind: 'input',
      default: null,
      role: 'array',
      label: 'Start array',
      help: 'One row per pixel (per channel when learning from spectra), one column per component.',
      optional: 'none',
      advanced: true,
      when: { param: 'init', is: ['array'] },
    },
    training_samples: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 1_000_000,
      label: 'Samples for the start',
      help: 'How many of the first samples the start is made of; at least as many as components.',
      advanced: true,
      when: { param: 'init', is: ['qr'] },
    },
    ...onlineParams,
  },
  phases: ['Reading the data', 'Learning', 'Fitting the weights', 'Filling in'],
  canKeep: true,
  usesSeed: (values) => values.init === 'rand',
  limits: (shape) => ({ output_dimension: componentLimit(shape) }),
  estimate: (shape, values, threads) => estimateOnline(shape, values, threads),
  conflict({ init, init_array, training_samples, output_dimension }) {
    if (init === 'qr' && output_dimension !== null && training_samples < output_dimension) {
      return {
        param: 'training_samples',
        message: `training_samples must be at least output_dimension = ${output_dimension} when init is qr; got ${training_samples}.`,
      };
    }
    if (init === 'array' && init_array === null) {
      return { param: 'init_array', message: 'init_array must be given when init is array: the name of an input.' };
    }
    if (init !== 'array' && init_array !== null) {
      return { param: 'init', message: `init must be array when init_array is given; got ${init}.` };
    }
    return null;
  },
});
