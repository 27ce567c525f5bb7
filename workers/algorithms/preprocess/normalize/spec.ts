import { describePreparation } from '../../../specs/preparation-spec.ts';

export const normalize = describePreparation({
  id: 'normalize',
  title: 'Normalise',
  summary: 'Brings every spectrum to one size, so that its form counts and not how much there is of it.',
  question: 'Does only the form of a spectrum count?',
  reference: 'R. J. Barnes, M. S. Dhanoa, S. J. Lister, Applied Spectroscopy 43, 772 (1989)',
  params: {
    method: {
      kind: 'choice',
      default: 'area',
      options: [
        { value: 'area', label: 'Area (sum of channels)' },
        { value: 'max', label: 'Largest value' },
        { value: 'l2', label: 'Euclidean length' },
        { value: 'minmax', label: 'From 0 to 1' },
        { value: 'snv', label: 'Mean 0, deviation 1 (SNV)' },
      ],
      label: 'To the same',
      help: 'What becomes the same for all spectra.',
    },
    start: {
      kind: 'number',
      default: null,
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      optional: 'from the beginning',
      label: 'From',
      help: 'Where the channels begin that the size is taken from, in the units of the axis.',
    },
    end: {
      kind: 'number',
      default: null,
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      optional: 'to the end',
      label: 'To',
      help: 'Where they end; with both, spectra are normalised to one peak, for example the zero-loss peak.',
    },
  },
  conflict: ({ start, end }) =>
    start !== null && end !== null && start === end
      ? { param: 'end', message: `end must differ from start; both are ${start}.` }
      : null,
});
