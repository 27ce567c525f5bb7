import { describePreparation } from '../../../specs/preparation-spec.ts';

export const complexPart = describePreparation({
  id: 'complex_part',
  title: 'Part of complex or colour data',
  summary:
    'Makes real numbers of complex ones (amplitude, phase, real or imaginary part) or of colours (one of them, or brightness).',
  question: 'Are the values complex or colours?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    part: {
      kind: 'choice',
      default: null,
      optional: 'amplitude of complex numbers, brightness of colours',
      options: [
        { value: 'amplitude', label: 'Amplitude' },
        { value: 'phase', label: 'Phase' },
        { value: 'real', label: 'Real part' },
        { value: 'imaginary', label: 'Imaginary part' },
        { value: 'brightness', label: 'Brightness' },
        { value: 'red', label: 'Red' },
        { value: 'green', label: 'Green' },
        { value: 'blue', label: 'Blue' },
      ],
      label: 'Part',
      help: 'What is taken of every value; the first four are for complex numbers, the others for colours.',
    },
  },
});
