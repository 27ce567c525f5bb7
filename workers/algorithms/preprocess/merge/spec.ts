import { describePreparation } from '../../../specs/preparation-spec.ts';

export const merge = describePreparation({
  id: 'merge',
  title: 'Merge along an axis',
  summary:
    'Joins data sets end to end along an axis that they have: two halves of a map, or neighbouring energy ranges.',
  question: 'Does another file go on where this one ends?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    others: {
      kind: 'inputs',
      default: null,
      label: 'With',
      help: 'The data sets that come after this one, in this order.',
    },
    axis: {
      kind: 'axis',
      default: null,
      among: 'any',
      label: 'Along',
      help: 'The axis that gets longer, by name or index.',
    },
  },
});
