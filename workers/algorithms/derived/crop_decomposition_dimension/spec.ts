import { defineAlgorithm } from '../../../specs/algorithm.ts';

export const cropDecompositionDimension = defineAlgorithm({
  id: 'crop_decomposition_dimension',
  family: 'derived',
  title: 'Keep the first components',
  summary:
    'Drops all but the first components of a result, which then takes less memory; the scree plot stays complete.',
  question: 'How do I keep only what matters?',
  reference: 'Jolliffe, Principal Component Analysis, 2nd ed., Springer (2002)',
  params: {
    n: {
      kind: 'integer',
      default: null,
      min: 1,
      max: 1_000_000,
      label: 'Components to keep',
      help: 'How many of the first components to keep; the explained variance ratio keeps its full length.',
    },
  },
  phases: ['Cropping'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: ({ samples, features }) => ({ bytes: (samples + features) * 50 * 8, seconds: 0.1 }),
  conflict: () => null,
});
