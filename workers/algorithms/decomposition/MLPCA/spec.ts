import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  componentLimit,
  decompositionParams,
  requiredComponents,
  svdSolver,
} from '../../../specs/decomposition-params.ts';
import { estimateMlpca } from './estimate.ts';

export const mlpca = defineAlgorithm({
  id: 'MLPCA',
  family: 'decomposition',
  title: 'Maximum-likelihood PCA',
  summary: 'Fits components with every value weighed by its own noise, and without values that are missing.',
  question: 'What if I know the noise of each value?',
  reference: 'Wentzell et al., J. Chemometrics 11, 339 (1997)',
  params: {
    ...decompositionParams,
    output_dimension: requiredComponents,
    normalize_poissonian_noise: {
      ...decompositionParams.normalize_poissonian_noise,
      help: 'Switched off here: the noise of every value is already in its weight.',
      advanced: true,
    },
    var_array: {
      kind: 'input',
      default: null,
      role: 'array',
      label: 'Variances',
      help: 'The noise variance of every value, in an array of the shape of the data (or of what the masks leave).',
      optional: 'from the data',
    },
    var_func: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 32,
      names: [
        { value: 'poisson', label: 'Counts: the value itself' },
        { value: 'absolute', label: 'Size of the value' },
        { value: 'relative', label: 'Square of the value' },
        { value: 'uniform', label: 'The same for all' },
      ],
      label: 'Variance from the data',
      help: 'Noise variance as a function of the value: a name, or coefficients of a polynomial, highest power first.',
      optional: 'counts, variance = value',
    },
    tol: {
      kind: 'number',
      default: 1e-10,
      min: 0,
      max: 1,
      label: 'Tolerance',
      help: 'Stop when half a step of alternation changes the weighted error by less than this share.',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 50_000,
      min: 2,
      max: 10_000_000,
      label: 'Most iterations',
      help: 'Half-steps of alternation, two for each look at the data. It then stops and says that it did not converge.',
      advanced: true,
    },
    svd_solver: {
      ...svdSolver,
      label: 'Solver of the start',
      help: 'How the components to start from are found; the result does not depend on it beyond the tolerance.',
    },
  },
  phases: ['Reading the data', 'Finding a start', 'Fitting', 'Computing the maps', 'Filling in'],
  canKeep: true,
  usesSeed: (values) => values.svd_solver === 'randomized' || values.svd_solver === 'auto',
  limits: (shape, values) => ({ output_dimension: componentLimit(shape, values.svd_solver === 'arpack' ? 1 : 0) }),
  estimate: (shape, values, threads) => estimateMlpca(shape, values, threads),
  conflict(values) {
    if (values.var_array !== null && values.var_func !== null) {
      return {
        param: 'var_func',
        message: 'var_func must be empty when var_array is given: the variances can come from one of them only.',
      };
    }
    return null;
  },
});
