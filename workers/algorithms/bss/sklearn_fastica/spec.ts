import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  runsParam,
  separationConflict,
  separationEstimate,
  separationLimits,
  separationParams,
} from '../../../specs/separation-params.ts';

export const sklearnFastica = defineAlgorithm({
  id: 'sklearn_fastica',
  family: 'blind_source_separation',
  title: 'FastICA',
  summary: 'Turns the components into sources that are as independent of each other as possible.',
  question: 'What is independent?',
  reference: 'Hyvärinen & Oja, Neural Netw. 13, 411 (2000)',
  params: {
    ...separationParams,
    approach: {
      kind: 'choice',
      default: 'parallel',
      options: [
        { value: 'parallel', label: 'All sources at once' },
        { value: 'deflation', label: 'One after the other' },
      ],
      label: 'Search for',
      help: 'One after the other collects errors in the last sources, but converges where all at once does not.',
      advanced: true,
    },
    fun: {
      kind: 'choice',
      default: 'logcosh',
      options: [
        { value: 'logcosh', label: 'log cosh (general purpose)' },
        { value: 'exp', label: 'Exponential (few, high peaks; robust)' },
        { value: 'cube', label: 'Kurtosis (no outliers)' },
      ],
      label: 'Contrast',
      help: 'The measure of how far a source is from Gaussian.',
      advanced: true,
    },
    alpha: {
      kind: 'number',
      default: 1,
      min: 1,
      max: 2,
      label: 'Slope of log cosh',
      help: 'Constant a of the contrast log cosh(a u)/a; of little effect.',
      advanced: true,
      when: { param: 'fun', is: ['logcosh'] },
    },
    ...runsParam,
    tol: {
      kind: 'number',
      default: 1e-10,
      min: 1e-15,
      max: 1,
      label: 'Tolerance',
      help: 'Stops when no source turns by more than this (1 − cosine of the angle) in one step.',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 200,
      min: 1,
      max: 1_000_000,
      label: 'Iterations at most',
      help: 'Stops after this many iterations even when the sources still turn; the result then says so.',
      advanced: true,
    },
    w_init: {
      kind: 'input',
      default: null,
      role: 'array',
      label: 'First start',
      help: 'Rows of the unmixing of the white samples that the first run starts from, sources × sources.',
      optional: 'random',
      advanced: true,
    },
  },
  phases: ['Separating'],
  canKeep: true,
  usesSeed: () => true,
  limits: separationLimits,
  estimate: (shape, values) => {
    const { bytes, seconds } = separationEstimate(shape, values);
    return { bytes, seconds: seconds * values.n_runs };
  },
  conflict: separationConflict,
});
