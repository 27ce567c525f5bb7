import { defineAlgorithm } from '../../../specs/algorithm.ts';

export const normalizeDecompositionComponents = defineAlgorithm({
  id: 'normalize_decomposition_components',
  family: 'derived',
  title: 'Normalise components',
  summary:
    'Gives all spectra (or all maps) the same size; the other side takes up the factor, the model stays the same.',
  question: 'How do I compare components of different size?',
  reference: 'de la Peña et al., HyperSpy, Zenodo, doi:10.5281/zenodo.592838 (2022)',
  params: {
    target: {
      kind: 'choice',
      default: 'factors',
      options: [
        { value: 'factors', label: 'Factors (spectra)' },
        { value: 'loadings', label: 'Loadings (maps)' },
      ],
      label: 'Normalise',
      help: 'Which side gets size one; the other side is multiplied by what was divided out.',
    },
    function: {
      kind: 'choice',
      default: 'sum',
      options: [
        { value: 'sum', label: 'Sum' },
        { value: 'max', label: 'Maximum' },
        { value: 'norm', label: 'Length (root of the sum of squares)' },
        { value: 'sum_abs', label: 'Sum of absolute values' },
      ],
      label: 'Size',
      help: 'What becomes one. Sums of components with both signs can be near zero: take the length for those.',
    },
  },
  phases: ['Normalising'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: ({ samples, features }) => ({ bytes: (samples + features) * 50 * 8, seconds: 0.1 }),
  conflict: () => null,
});
