import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { componentLimit, decompositionParams } from '../../../specs/decomposition-params.ts';
import { estimateNmf } from './estimate.ts';

export const nmf = defineAlgorithm({
  id: 'NMF',
  family: 'decomposition',
  title: 'Non-negative matrix factorisation',
  summary: 'Finds spectra and maps that are never negative and add up to the data.',
  question: 'Which positive spectra mix?',
  reference: 'Lee & Seung, Nature 401, 788 (1999)',
  params: {
    ...decompositionParams,
    output_dimension: {
      ...decompositionParams.output_dimension,
      help: 'How many components to fit. All take very long; an SVD shows how many stand out of the noise.',
    },
    init: {
      kind: 'choice',
      default: null,
      options: [
        { value: 'random', label: 'Random' },
        { value: 'nndsvd', label: 'Singular vectors (NNDSVD)' },
        { value: 'nndsvda', label: 'Singular vectors, zeros filled with the mean' },
        { value: 'nndsvdar', label: 'Singular vectors, zeros filled at random' },
        { value: 'custom', label: 'Given' },
      ],
      label: 'Start from',
      help: 'Singular vectors always lead to the same answer; random starts depend on the seed.',
      optional: 'singular vectors, zeros filled with the mean',
    },
    init_W: {
      kind: 'input',
      default: null,
      role: 'array',
      label: 'Start maps',
      help: 'One row per pixel, one column per component, none negative.',
      when: { param: 'init', is: ['custom'] },
    },
    init_H: {
      kind: 'input',
      default: null,
      role: 'array',
      label: 'Start spectra',
      help: 'One row per component, one column per channel, none negative.',
      when: { param: 'init', is: ['custom'] },
    },
    solver: {
      kind: 'choice',
      default: 'cd',
      options: [
        { value: 'cd', label: 'Coordinate descent' },
        { value: 'mu', label: 'Multiplicative steps' },
      ],
      label: 'Solver',
      help: 'Coordinate descent is faster; multiplicative steps can also fit by other measures than squares.',
      advanced: true,
    },
    beta_loss: {
      kind: 'choice',
      default: 'frobenius',
      options: [
        { value: 'frobenius', label: 'Squares (Gaussian noise)' },
        { value: 'kullback-leibler', label: 'Kullback–Leibler (Poisson noise: counts)' },
        { value: 'itakura-saito', label: 'Itakura–Saito (noise in proportion)' },
      ],
      label: 'Measure of misfit',
      help: 'What the fit makes small. For counts, Kullback–Leibler is the likelihood of Poisson noise.',
      advanced: true,
      when: { param: 'solver', is: ['mu'] },
    },
    tol: {
      kind: 'number',
      default: 1e-4,
      min: 0,
      max: 1,
      label: 'Tolerance',
      help: 'Stops when a sweep changes this small a share of what the first one did.',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 200,
      min: 1,
      max: 10_000_000,
      label: 'Sweeps at most',
      help: 'Stops after this many sweeps even when the components still change; the result then says so.',
      advanced: true,
    },
    alpha_W: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 1e12,
      label: 'Penalty on maps',
      help: 'Pulls the loadings towards 0. It is multiplied by the number of channels.',
      advanced: true,
    },
    alpha_H: {
      kind: 'number',
      default: null,
      min: 0,
      max: 1e12,
      label: 'Penalty on spectra',
      help: 'Pulls the factors towards 0. It is multiplied by the number of pixels.',
      optional: 'the same as on maps',
      advanced: true,
    },
    l1_ratio: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 1,
      label: 'Sparse share of the penalties',
      help: '1 makes small values exactly 0 (sum of values); 0 shrinks all alike (sum of squares).',
      advanced: true,
    },
    shuffle: {
      kind: 'boolean',
      default: false,
      label: 'Visit components in random order',
      help: 'Coordinate descent only; the order depends on the seed.',
      advanced: true,
      when: { param: 'solver', is: ['cd'] },
    },
  },
  phases: ['Reading the data', 'Finding a start', 'Solving', 'Fitting', 'Filling in'],
  canKeep: true,
  usesSeed: (values) =>
    values.init === 'random' || values.init === 'nndsvdar' || (values.solver === 'cd' && values.shuffle),
  limits: (shape) => ({ output_dimension: componentLimit(shape) }),
  estimate: (shape, values, threads) => estimateNmf(shape, values, threads),
  conflict(values) {
    if (values.solver === 'cd' && values.beta_loss !== 'frobenius') {
      return {
        param: 'beta_loss',
        message: `beta_loss must be frobenius with solver cd; got ${values.beta_loss}. Use solver mu for it.`,
      };
    }
    return null;
  },
});
