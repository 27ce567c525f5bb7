import { describePreparation } from '../../../specs/preparation-spec.ts';

export const rebin = describePreparation({
  id: 'rebin',
  title: 'Rebin',
  summary: 'Adds up neighbouring pixels or channels: fewer, larger bins with more counts in each.',
  question: 'Would larger bins do?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    scale: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 10,
      label: 'Bins along each axis',
      help: 'How many old values make a new one, for every axis of the array, slowest first; fractions share a value.',
    },
    average: {
      kind: 'boolean',
      default: false,
      label: 'Average',
      help: 'Divides by the size of the bins, so that values keep their height instead of their sum.',
    },
  },
});
