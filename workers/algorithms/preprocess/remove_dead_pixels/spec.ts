import { describePreparation } from '../../../specs/preparation-spec.ts';

export const removeDeadPixels = describePreparation({
  id: 'remove_dead_pixels',
  title: 'Remove dead and hot detector pixels',
  summary: 'Fills channels or camera pixels that are dead or too bright everywhere from those beside them.',
  question: 'Are there channels that are wrong everywhere?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    channels: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 100_000,
      optional: 'found by themselves',
      label: 'Channels',
      help: 'Indices of the bad channels, row by row in images; those that are given are filled, no others.',
    },
    threshold: {
      kind: 'number',
      default: 8,
      min: 2,
      max: 1e6,
      label: 'Threshold',
      help: 'How many robust standard deviations the mean of a channel must be away from that of its neighbours.',
    },
  },
});
