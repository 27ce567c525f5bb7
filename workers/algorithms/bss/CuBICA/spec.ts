import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  separationConflict,
  separationEstimate,
  separationLimits,
  separationParams,
} from '../../../specs/separation-params.ts';

export const cubica = defineAlgorithm({
  id: 'CuBICA',
  family: 'blind_source_separation',
  title: 'CuBICA',
  summary:
    'Finds independent sources from third and fourth cumulants: also uses that a peak is skewed, not only spiky.',
  question: 'What is independent?',
  reference: 'Blaschke & Wiskott, IEEE Trans. Signal Process. 52, 1250 (2004)',
  params: {
    ...separationParams,
    limit: {
      kind: 'number',
      default: 0.001,
      min: 1e-12,
      max: 1,
      label: 'Tolerance',
      help: 'Stops after a sweep over all pairs of sources in which no angle was larger than this, in radians.',
      advanced: true,
    },
    max_iter: {
      kind: 'integer',
      default: null,
      min: 1,
      max: 1_000_000,
      label: 'Sweeps at most',
      help: 'Stops after this many sweeps over all pairs of sources; the result then says so.',
      optional: '1 + √sources, rounded, as in MDP',
      advanced: true,
    },
  },
  phases: ['Separating'],
  canKeep: true,
  usesSeed: () => false,
  limits: separationLimits,
  estimate: (shape, values) => {
    const { bytes, seconds } = separationEstimate(shape, values);
    return { bytes, seconds: seconds / 4 };
  },
  conflict: separationConflict,
});
