import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { normalizeDecompositionComponents } from '../normalize_decomposition_components/spec.ts';

export const normalizeBssComponents = defineAlgorithm({
  ...normalizeDecompositionComponents,
  id: 'normalize_bss_components',
  takes: ['blind_source_separation'],
  title: 'Normalise separated components',
  question: 'How do I compare separated spectra or maps of different size?',
});
