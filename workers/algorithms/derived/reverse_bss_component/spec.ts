import { defineAlgorithm } from '../../../specs/algorithm.ts';
import { reverseDecompositionComponent } from '../reverse_decomposition_component/spec.ts';

export const reverseBssComponent = defineAlgorithm({
  ...reverseDecompositionComponent,
  id: 'reverse_bss_component',
  takes: ['blind_source_separation'],
  title: 'Reverse separated components',
  summary: 'Changes the sign of a separated component in spectrum and map at once; the model stays the same.',
  question: 'Why is my separated spectrum upside down?',
});
