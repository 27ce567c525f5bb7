import { defineAlgorithm } from '../../../specs/algorithm.ts';

export const estimateElbowPosition = defineAlgorithm({
  id: 'estimate_elbow_position',
  family: 'estimate',
  title: 'Knee of a curve',
  summary:
    'Finds where a falling curve such as a scree plot bends into its flat end; components before it carry signal.',
  question: 'How many components stand out of the noise?',
  reference: 'Satopää, Albrecht, Irwin & Raghavan, 31st ICDCS Workshops, 166 (2011)',
  params: {
    log: {
      kind: 'boolean',
      default: true,
      label: 'On a logarithmic scale',
      help: 'Looks at the logarithm of the values, as the scree plot shows them; values must then be positive.',
    },
    max_points: {
      kind: 'integer',
      default: 20,
      min: 1,
      max: 1_000_000,
      label: 'Points to look at',
      help: 'Only this many points after the first are looked at; a long flat end would move the knee.',
    },
  },
  phases: ['Looking for the knee'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: () => ({ bytes: 0, seconds: 0.01 }),
  conflict: () => null,
});
