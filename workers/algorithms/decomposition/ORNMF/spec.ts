import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams, requiredComponents } from '../../../specs/decomposition-params.ts';
import { estimateOnline } from '../online/estimate.ts';
import { onlineParams } from '../online/spec.ts';

export const ornmf = defineAlgorithm({
  id: 'ORNMF',
  family: 'decomposition',
  title: 'Robust NMF, online',
  summary:
    'Finds spectra and maps that are never negative and that outliers do not pull away, in a single look at the data.',
  question: 'What is left without outliers?',
  reference: 'Zhao & Tan, IEEE International Conference on Acoustics, Speech and Signal Processing, 2662 (2016)',
  params: {
    ...decompositionParams,
    output_dimension: requiredComponents,
    lambda1: {
      kind: 'number',
      default: 1,
      min: 0,
      max: 1e9,
      label: 'Outlier threshold (λ₁)',
      help: 'Deviations beyond this count as outliers, in units of the data: about three times the noise.',
    },
    kappa: {
      kind: 'number',
      default: 1,
      min: 1e-6,
      max: 2,
      label: 'Step size (κ)',
      help: 'Length of the gradient steps; above 1 they may overshoot.',
      advanced: true,
    },
    method: {
      kind: 'choice',
      default: 'PGD',
      options: [
        { value: 'PGD', label: 'Projected gradient' },
        { value: 'RobustPGD', label: 'Projected gradient, to the minimum each time' },
        { value: 'MomentumSGD', label: 'Stochastic gradient with momentum' },
      ],
      label: 'Method',
      help: 'How the components follow the data: the second is slower and closer, the third forgets.',
    },
    ...onlineParams,
    subspace_learning_rate: {
      ...onlineParams.subspace_learning_rate,
      when: { param: 'method', is: ['MomentumSGD'] },
    },
  },
  phases: ['Reading the data', 'Learning', 'Fitting the weights', 'Filling in'],
  canKeep: true,
  usesSeed: () => true,
  limits: (shape) => ({ output_dimension: componentLimit(shape) }),
  estimate: (shape, values, threads) => estimateOnline(shape, values, threads),
  conflict: () => null,
});
