import { describePreparation } from '../../../specs/preparation-spec.ts';

export const transpose = describePreparation({
  id: 'transpose',
  title: 'Exchange navigation and signal axes',
  summary:
    'Chooses which axes are the signal and which say where it was taken: spectra of pixels, or images of channels.',
  question: 'Are these spectra or images?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    signal_axes: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 8,
      label: 'Signal axes',
      help: 'Indices in the array (slowest first, from 0) of the axes that become the signal, in the order they shall have.',
    },
  },
});
