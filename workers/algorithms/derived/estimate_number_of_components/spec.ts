import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { centre, decompositionParams } from '../../../specs/decomposition-params.ts';
import { estimateCriteria } from './estimate.ts';

const { normalize_poissonian_noise, navigation_mask, signal_mask } = decompositionParams;

export const estimateNumberOfComponents = defineAlgorithm({
  id: 'estimate_number_of_components',
  family: 'estimate',
  title: 'Number of components',
  summary: 'Compares the singular values of the data with what noise alone would give, in up to seven ways.',
  question: 'How many components are signal, and where does the noise begin?',
  reference:
    'Horn, Psychometrika 30, 179 (1965); Owen & Perry, Ann. Appl. Stat. 3, 564 (2009); Gavish & Donoho, IEEE Trans. Inf. Theory 60, 5040 (2014)',
  params: {
    normalize_poissonian_noise,
    centre: {
      ...centre,
      help: 'What to subtract first: as in the decomposition for which the number is wanted. Not with Poisson scaling.',
    },
    navigation_mask,
    signal_mask,
    marchenko_pastur: {
      kind: 'boolean',
      default: true,
      label: 'Edge of the noise',
      help: 'Components above the largest singular value that noise of this size reaches (Marchenko–Pastur).',
    },
    parallel_analysis: {
      kind: 'boolean',
      default: true,
      label: 'Parallel analysis',
      help: 'Components larger than those of simulated noise with the variances of the data. Takes a while.',
    },
    cross_validation: {
      kind: 'boolean',
      default: true,
      label: 'Cross-validation',
      help: 'The number with which blocks of values that were left out are predicted best. Takes a while.',
    },
    hard_threshold: {
      kind: 'boolean',
      default: true,
      label: 'Best for removing noise',
      help: 'Components that lower the error of a model of the data (Gavish and Donoho).',
    },
    elbow: {
      kind: 'boolean',
      default: true,
      label: 'Knee of the curve',
      help: 'Components before the scree plot bends into its flat end, as in HyperSpy.',
    },
    broken_stick: {
      kind: 'boolean',
      default: true,
      label: 'Broken stick',
      help: 'Components with a larger share than the pieces of a stick broken at random. Often too few.',
    },
    cumulative: {
      kind: 'boolean',
      default: true,
      label: 'Share of the total',
      help: 'Components that together reach a given share of the total. Knows nothing of noise.',
    },
    noise_level: {
      kind: 'number',
      default: null,
      min: 1e-300,
      max: 1e300,
      label: 'Noise of one value',
      help: 'Standard deviation of the noise, in units of the data. Counts scaled for Poisson noise need none.',
      optional: 'found from the data',
      advanced: true,
    },
    cumulative_threshold: {
      kind: 'number',
      default: 0.95,
      min: 0,
      max: 1,
      label: 'Share to reach',
      help: 'Share of the total that the components must reach together.',
      when: { param: 'cumulative', is: [true] },
      advanced: true,
    },
    repetitions: {
      kind: 'integer',
      default: 20,
      min: 1,
      max: 10_000,
      label: 'Simulated noises',
      help: 'How many times noise is drawn for parallel analysis; more give a steadier threshold.',
      when: { param: 'parallel_analysis', is: [true] },
      advanced: true,
    },
    quantile: {
      kind: 'number',
      default: 0.95,
      min: 0,
      max: 1,
      label: 'Quantile of the noise',
      help: 'Share of the simulated noises that a component must be larger than.',
      when: { param: 'parallel_analysis', is: [true] },
      advanced: true,
    },
    folds: {
      kind: 'integer',
      default: 4,
      min: 2,
      max: 20,
      label: 'Folds',
      help: 'Pixels and channels are each divided into this many parts, of which every pair is left out once.',
      when: { param: 'cross_validation', is: [true] },
      advanced: true,
    },
    max_components: {
      kind: 'integer',
      default: 50,
      min: 1,
      max: 4096,
      label: 'Most components',
      help: 'Parallel analysis and cross-validation look no further than this.',
      advanced: true,
    },
  },
  phases: ['Reading the data', 'Adding up products', 'Solving', 'Simulating noise', 'Predicting left-out values'],
  usesSeed: (values) => values.parallel_analysis || values.cross_validation,
  limits: () => ({}),
  estimate: estimateCriteria,
  conflict(values) {
    if (values.normalize_poissonian_noise && values.centre !== null) {
      return {
        param: 'centre',
        message: `centre must be empty when normalize_poissonian_noise is on: scaled counts are not centred; got ${values.centre}.`,
      };
    }
    if (values.normalize_poissonian_noise && values.noise_level !== null) {
      return {
        param: 'noise_level',
        message: `noise_level must be empty when normalize_poissonian_noise is on: the counts tell their noise; got ${values.noise_level}.`,
      };
    }
    const { marchenko_pastur, parallel_analysis, cross_validation, hard_threshold, elbow, broken_stick, cumulative } =
      values;
    if (
      [marchenko_pastur, parallel_analysis, cross_validation, hard_threshold, elbow, broken_stick, cumulative].some(
        Boolean,
      )
    ) {
      return null;
    }
    return { param: 'marchenko_pastur', message: 'marchenko_pastur or another criterion must be on; all are off.' };
  },
});
