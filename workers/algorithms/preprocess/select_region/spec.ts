import { describePreparation } from '../../../specs/preparation-spec.ts';

export const selectRegion = describePreparation({
  id: 'select_region',
  title: 'Cut out a region of the map',
  summary: 'Keeps a box of pixels: what was drawn on the map, with all its channels and its positions.',
  question: 'Which part of the map matters?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    start: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 8,
      label: 'First pixel',
      help: 'Index of the first pixel that is kept on every navigation axis, slowest (y) first.',
    },
    end: {
      kind: 'numbers',
      default: null,
      least: 1,
      most: 8,
      label: 'End',
      help: 'Index after the last pixel that is kept on every navigation axis, slowest (y) first.',
    },
  },
});
