import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { estimateMixture, fitParams, maskParams, sourceParams } from '../../../specs/mixture-params.ts';
import { peakConflict } from '../../../specs/peak-params.ts';

/** The numbers of components that are tried when none are given. */
export const usualNumbers: readonly number[] = [1, 2, 3, 4, 5, 6];

const numbersOf = (given: readonly number[] | null): readonly number[] => given ?? usualNumbers;

export const gaussianMixtureSelection = defineAlgorithm({
  id: 'gaussian_mixture_selection',
  family: 'estimate',
  title: 'Number of Gaussian clouds',
  summary: 'Fits mixtures of several numbers of components and weighs how well each fits against how free it is.',
  question: 'How many clusters?',
  reference: 'Schwarz, Ann. Stat. 6, 461 (1978)',
  params: {
    n_components: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 100,
      label: 'Numbers to try',
      help: 'A list of numbers of components; one mixture is fitted for each.',
      optional: '1 to 6',
    },
    ...sourceParams,
    ...fitParams,
    ...maskParams,
  },
  phases: ['Reading the data', 'Looking for a start', 'Iterating'],
  usesSeed: () => true,
  limits: () => ({}),
  estimate(shape, values, threads) {
    const numbers = numbersOf(values.n_components);
    const parts = numbers.map((k) =>
      estimateMixture(
        shape,
        {
          k,
          type: values.covariance_type,
          starts: values.n_init,
          iterations: Math.min(30, values.max_iter),
          columns: values.cluster_source === 'signal' ? null : (values.number_of_components ?? 20),
        },
        threads,
      ),
    );
    return {
      bytes: Math.max(...parts.map((part) => part.bytes)),
      seconds: parts.reduce((sum, part) => sum + part.seconds, 0),
    };
  },
  conflict(values) {
    const numbers = numbersOf(values.n_components);
    const wrong = numbers.find((k) => !Number.isInteger(k) || k < 1 || k > 10_000);
    const twice = numbers.find((k, i) => numbers.indexOf(k) < i);
    if (wrong === undefined && twice === undefined) return peakConflict(values);
    return {
      param: 'n_components',
      message:
        wrong === undefined
          ? `n_components must not hold a number twice; got ${twice} twice.`
          : `n_components must be a list of whole numbers from 1 to 10000; got ${wrong} among them.`,
    };
  },
});
