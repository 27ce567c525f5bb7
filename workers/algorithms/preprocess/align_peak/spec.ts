import { describePreparation } from '../../../specs/preparation-spec.ts';

const rangeOf = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE } as const;

export const alignPeak = describePreparation({
  id: 'align_peak',
  title: 'Align energies to a peak',
  summary:
    'Shifts every spectrum so that a peak, such as the zero-loss peak, stands at the same energy in all of them.',
  question: 'Does the energy drift from pixel to pixel?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    method: {
      kind: 'choice',
      default: 'maximum',
      options: [
        { value: 'maximum', label: 'Maximum of the peak' },
        { value: 'centre', label: 'Centre of mass' },
        { value: 'correlation', label: 'Correlation with the mean' },
      ],
      label: 'Found by',
      help: 'A maximum for sharp peaks, a centre of mass for broad ones, a correlation for anything with structure.',
    },
    start: {
      kind: 'number',
      default: null,
      ...rangeOf,
      optional: 'from the beginning',
      label: 'From',
      help: 'Where the part of the spectrum begins that is compared.',
    },
    end: {
      kind: 'number',
      default: null,
      ...rangeOf,
      optional: 'to the end',
      label: 'To',
      help: 'Where it ends; keep it wide enough for the largest shift.',
    },
    position: {
      kind: 'number',
      default: null,
      ...rangeOf,
      optional: 'where it is in the mean spectrum',
      when: { param: 'method', is: ['maximum', 'centre'] },
      label: 'Put it at',
      help: 'Energy where the peak stands afterwards: 0 for a zero-loss peak.',
    },
    edges: {
      kind: 'choice',
      default: 'hold',
      options: [
        { value: 'hold', label: 'Last value goes on' },
        { value: 'zero', label: 'Zero' },
        { value: 'nan', label: 'NaN' },
      ],
      advanced: true,
      label: 'Ends',
      help: 'What fills the channels that a shift leaves empty; crop them when they matter.',
    },
  },
});
