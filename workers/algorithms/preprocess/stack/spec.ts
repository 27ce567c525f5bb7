import { describePreparation } from '../../../specs/preparation-spec.ts';

export const stack = describePreparation({
  id: 'stack',
  title: 'Stack data sets',
  summary: 'Puts data sets of the same shape one upon the other, along a new axis: a series of maps, or of spectra.',
  question: 'Do several files belong together?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    others: {
      kind: 'inputs',
      default: null,
      label: 'With',
      help: 'The data sets that come after this one, in this order.',
    },
    axis_name: {
      kind: 'text',
      default: 'stack',
      longest: 100,
      label: 'Name of the new axis',
      help: 'What the new navigation axis is called, for example time or tilt.',
    },
  },
});
