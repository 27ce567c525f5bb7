import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { decompositionParams } from '../../../specs/decomposition-params.ts';
import { estimateOpnmf } from '../OPNMF/estimate.ts';
import { iterationParams, startOptions } from '../OPNMF/spec.ts';

const { normalize_poissonian_noise, navigation_mask, signal_mask } = decompositionParams;

export const opnmfRankSelection = defineAlgorithm({
  id: 'opnmf_rank_selection',
  family: 'estimate',
  title: 'Number of parts for orthonormal projective NMF',
  summary:
    'Fits growing numbers of parts to the data and to shuffled data; parts that help no more than in shuffled data are too many.',
  question: 'Into how many parts do my data divide?',
  reference: 'Yang & Oja, IEEE Trans. Neural Netw. 21, 734 (2010)',
  params: {
    min_components: {
      kind: 'integer',
      default: 2,
      min: 1,
      max: 1_000_000,
      label: 'From',
      help: 'The smallest number of parts to try.',
    },
    max_components: {
      kind: 'integer',
      default: 10,
      min: 2,
      max: 1_000_000,
      label: 'To',
      help: 'The largest number of parts to try; every number in between is fitted twice.',
    },
    normalize_poissonian_noise,
    navigation_mask,
    signal_mask,
    init: {
      kind: 'choice',
      default: 'nndsvd',
      options: startOptions,
      label: 'Start from',
      help: 'Singular vectors always lead to the same answer; random starts depend on the seed.',
    },
    ...iterationParams,
  },
  phases: ['Reading the data', 'Shuffling', 'Adding up products', 'Iterating'],
  usesSeed: () => true,
  // the largest number is lowered to what the data allow, and the result says so
  limits: () => ({}),
  estimate(shape, values, threads) {
    const [from, to] = [values.min_components, values.max_components];
    let seconds = 0;
    for (const k of [from, to]) {
      seconds +=
        estimateOpnmf(shape, k, values.transpose, values.max_iter, threads).seconds * Math.max(1, to - from + 1);
    }
    // the shuffled data are a copy, in float64
    const copy = 8 * shape.samples * shape.features;
    return { bytes: copy + estimateOpnmf(shape, to, values.transpose, values.max_iter, threads).bytes, seconds };
  },
  conflict({ min_components: from, max_components: to }) {
    if (to > from) return null;
    return {
      param: 'max_components',
      message: `max_components must be larger than min_components (${from}): two fits are the least that can be compared; got ${to}.`,
    };
  },
});
