import { describePreparation } from '../../../specs/preparation-spec.ts';

export const reflectance = describePreparation({
  id: 'reflectance',
  title: 'Dark and white reference',
  summary:
    'Turns what a hyperspectral camera counted into reflectance: less the dark reference, divided by the white one.',
  question: 'Were dark and white references recorded?',
  reference: 'J. M. Amigo, Hyperspectral Imaging, Elsevier (2020)',
  params: {
    white: {
      kind: 'input',
      default: null,
      role: 'array',
      label: 'White reference',
      help: 'Data of a white standard: a spectrum, a line of the camera, or an image that is averaged.',
    },
    dark: {
      kind: 'input',
      default: null,
      role: 'array',
      optional: 'nothing is subtracted',
      label: 'Dark reference',
      help: 'Data with the shutter closed, in the same form.',
    },
    least: {
      kind: 'number',
      default: 1e-6,
      min: 0,
      max: Number.MAX_VALUE,
      advanced: true,
      label: 'Least white',
      help: 'Where white less dark is not above this, reflectance cannot be told and becomes 0.',
    },
  },
});
