import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  separationConflict,
  separationEstimate,
  separationLimits,
  separationParams,
} from '../../../specs/separation-params.ts';

export const orthomax = defineAlgorithm({
  id: 'orthomax',
  family: 'blind_source_separation',
  title: 'Orthomax (varimax, quartimax)',
  summary: 'Rotates the components so that each is large in few places and near zero elsewhere.',
  question: 'What is simple to read?',
  reference: 'Kaiser, Psychometrika 23, 187 (1958)',
  params: {
    ...separationParams,
    gamma: {
      kind: 'number',
      default: 1,
      min: -1000,
      max: 1000,
      label: 'Gamma',
      help: '1 = varimax, 0 = quartimax, half the number of components = equamax; outside 0 to 1 is experimental.',
    },
    tol: {
      kind: 'number',
      default: 1.4901e-7,
      min: 1e-15,
      max: 1,
      label: 'Tolerance',
      help: 'Stops when the criterion changes by less than this share of it (outside 0 to 1: when no angle is larger).',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: 256,
      min: 1,
      max: 1_000_000,
      label: 'Iterations at most',
      help: 'Stops after this many iterations even when the rotation still changes; the result then says so.',
      advanced: true,
    },
  },
  phases: ['Rotating'],
  canKeep: true,
  usesSeed: () => false,
  limits: separationLimits,
  estimate: (shape, values) => {
    const { bytes, seconds } = separationEstimate(shape, values);
    return { bytes, seconds: seconds / 2 };
  },
  conflict: separationConflict,
});
