import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { getDecompositionModel } from '../get_decomposition_model/spec.ts';

export const getBssModel = defineAlgorithm({
  ...getDecompositionModel,
  id: 'get_bss_model',
  takes: ['blind_source_separation'],
  title: 'Model from separated components',
  summary: 'Rebuilds the data from chosen separated components, e.g. without a background or a contamination.',
  question: 'What do my data look like with these sources alone?',
  reference: 'Hyvärinen & Oja, Neural Netw. 13, 411 (2000)',
});
