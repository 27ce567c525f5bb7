import { defineAlgorithm } from '../../../specs/algorithm.ts';

export const getDecompositionModel = defineAlgorithm({
  id: 'get_decomposition_model',
  family: 'derived',
  title: 'Model from components',
  summary: 'Rebuilds the data from chosen components, without what the others hold, e.g. noise.',
  question: 'What do my data look like with these components alone?',
  reference: 'Jolliffe, Principal Component Analysis, 2nd ed., Springer (2002)',
  params: {
    components: {
      kind: 'components',
      default: null,
      label: 'Components',
      help: 'A number n takes the first n components; a list takes those, counted from 0.',
      optional: 'all',
    },
    residual: {
      kind: 'boolean',
      default: false,
      label: 'Residual instead',
      help: 'Data minus model: structure that is left over shows what the chosen components miss.',
    },
  },
  phases: ['Computing the model'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: ({ samples, features }, values, threads) => ({
    bytes: samples * features * 8,
    fileBytes: samples * features * 8,
    seconds:
      (2 * samples * features * (Array.isArray(values.components) ? values.components.length : 20)) / (8e9 * threads),
  }),
  conflict: () => null,
});
