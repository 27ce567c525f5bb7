import { defineAlgorithm } from '../../../specs/algorithm.ts';

const rangeOf = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE } as const;

export const thresholdMask = defineAlgorithm({
  id: 'threshold_mask',
  family: 'mask',
  title: 'Mask by threshold',
  summary:
    'Leaves out the pixels with too little signal, such as the vacuum around a particle, or those with too much.',
  question: 'Are there pixels without any sample?',
  reference: 'N. Otsu, IEEE Transactions on Systems, Man, and Cybernetics 9, 62 (1979)',
  params: {
    method: {
      kind: 'choice',
      default: 'otsu',
      options: [
        { value: 'otsu', label: 'By itself (Otsu)' },
        { value: 'value', label: 'A value' },
        { value: 'fraction', label: 'A share of the pixels' },
      ],
      label: 'Threshold',
      help: 'Otsu parts the histogram in two; a value is in counts; a share leaves out so many of the pixels.',
    },
    threshold: {
      kind: 'number',
      default: null,
      ...rangeOf,
      when: { param: 'method', is: ['value'] },
      label: 'Value',
      help: 'Sum over the channels at which pixels are parted.',
    },
    fraction: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 1,
      when: { param: 'method', is: ['fraction'] },
      label: 'Share',
      help: 'Share of the pixels that is left out, from 0 to 1.',
    },
    leave_out: {
      kind: 'choice',
      default: 'below',
      options: [
        { value: 'below', label: 'below the threshold' },
        { value: 'above', label: 'above the threshold' },
      ],
      label: 'Leave out pixels',
      help: 'Which side of the threshold is masked.',
    },
    start: {
      kind: 'number',
      default: null,
      ...rangeOf,
      optional: 'from the beginning',
      advanced: true,
      label: 'Channels from',
      help: 'Where the channels begin that are summed, in the units of the axis.',
    },
    end: {
      kind: 'number',
      default: null,
      ...rangeOf,
      optional: 'to the end',
      advanced: true,
      label: 'Channels to',
      help: 'Where the channels that are summed end.',
    },
  },
  phases: ['Adding up'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: ({ samples, features }) => ({ bytes: 16 * samples, seconds: 0.05 + (samples * features) / 2e9 }),
  conflict: () => null,
});
