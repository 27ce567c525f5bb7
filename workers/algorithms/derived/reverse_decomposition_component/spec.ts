import { defineAlgorithm } from '../../../specs/algorithm.ts';

export const reverseDecompositionComponent = defineAlgorithm({
  id: 'reverse_decomposition_component',
  family: 'derived',
  title: 'Reverse components',
  summary: 'Changes the sign of a component in spectrum and map at once; the model stays the same.',
  question: 'Why is my spectrum upside down?',
  reference: 'Bro, Acar & Kolda, J. Chemom. 22, 135 (2008)',
  params: {
    components: {
      kind: 'components',
      default: null,
      label: 'Components',
      help: 'A list of components to reverse, counted from 0; a number n reverses the first n.',
      optional: 'all',
    },
  },
  phases: ['Reversing'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: ({ samples, features }) => ({ bytes: (samples + features) * 50 * 8, seconds: 0.1 }),
  conflict: () => null,
});
