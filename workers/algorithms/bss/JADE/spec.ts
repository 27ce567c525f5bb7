import { defineAlgorithm } from '../../../specs/algorithm.ts';
import {
  separationConflict,
  separationEstimate,
  separationLimits,
  separationParams,
} from '../../../specs/separation-params.ts';

export const jade = defineAlgorithm({
  id: 'JADE',
  family: 'blind_source_separation',
  title: 'JADE',
  summary:
    'Finds independent sources from all fourth cumulants at once; needs no random start, for up to some 40 components.',
  question: 'What is independent?',
  reference: 'Cardoso, Neural Comput. 11, 157 (1999)',
  params: {
    ...separationParams,
    cumulants: {
      kind: 'choice',
      default: 'mdp',
      options: [
        { value: 'mdp', label: 'As in MDP and HyperSpy' },
        { value: 'exact', label: 'Exact' },
      ],
      label: 'Scaling of the cross-cumulants',
      help: 'MDP leaves a factor √2 out of a constant; exact has it, as in the paper. Both find independent sources.',
      advanced: true,
    },
    limit: {
      kind: 'number',
      default: 0.001,
      min: 1e-9,
      max: 1,
      label: 'Tolerance',
      help: 'Angles below limit²/√samples count as no rotation; the search ends when none is left.',
      advanced: true,
    },
    max_it: {
      kind: 'integer',
      default: 1000,
      min: 1,
      max: 100_000_000,
      label: 'Rotations at most',
      help: 'Gives up with an error when it takes more rotations than this in all.',
      advanced: true,
    },
  },
  phases: ['Separating'],
  canKeep: true,
  usesSeed: () => false,
  limits: separationLimits,
  estimate: (shape, values) => {
    const { bytes, seconds } = separationEstimate(shape, values);
    const k = Math.min(values.number_of_components ?? 10, shape.samples, shape.features);
    return { bytes: bytes + 8 * 2 * k ** 4, seconds: seconds / 10 + 1e-8 * k ** 5 };
  },
  conflict: separationConflict,
});
