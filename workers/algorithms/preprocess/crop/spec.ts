import { describePreparation } from '../../../specs/preparation-spec.ts';

export const crop = describePreparation({
  id: 'crop',
  title: 'Crop or slice',
  summary: 'Keeps a part of one axis: a range of energies, some rows of the map, every second channel.',
  question: 'Which part of it matters?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    axis: { kind: 'axis', default: null, among: 'any', label: 'Axis', help: 'The axis that is cut, by name or index.' },
    start: {
      kind: 'number',
      default: null,
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      optional: 'from the beginning',
      label: 'From',
      help: 'First value that is kept, in the units of the axis.',
    },
    end: {
      kind: 'number',
      default: null,
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      optional: 'to the end',
      label: 'To',
      help: 'Where the kept part ends; this value itself is left out, as in HyperSpy.',
    },
    by: {
      kind: 'choice',
      default: 'value',
      options: [
        { value: 'value', label: 'units of the axis' },
        { value: 'index', label: 'index, from 0' },
      ],
      label: 'Counted in',
      help: 'Whether From and To are calibrated values or indices.',
    },
    step: {
      kind: 'integer',
      default: 1,
      min: 1,
      max: 1_000_000,
      advanced: true,
      label: 'Every',
      help: 'Keeps every n-th value of the range.',
    },
  },
});
