import { describePreparation } from '../../../specs/preparation-spec.ts';

export const selectPixels = describePreparation({
  id: 'select_pixels',
  title: 'Keep the pixels of a mask',
  summary: 'Makes a list of the pixels that a mask leaves: the spectra of a cluster, a grain or a region of any form.',
  question: 'Which pixels shall be looked at alone?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    mask: {
      kind: 'input',
      default: null,
      role: 'navigation_mask',
      label: 'Mask',
      help: 'Where it is true, pixels are left out; of the size of the map.',
    },
  },
});
