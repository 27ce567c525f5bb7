import { describePreparation } from '../../../specs/preparation-spec.ts';

export const setAxis = describePreparation({
  id: 'set_axis',
  title: 'Set name, unit and calibration of an axis',
  summary: 'Gives an axis a name, a unit, a scale and an offset, where the file has none or wrong ones.',
  question: 'Are the axes calibrated?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    axis: {
      kind: 'axis',
      default: null,
      among: 'any',
      label: 'Axis',
      help: 'The axis that is described, by name or index.',
    },
    name: {
      kind: 'text',
      default: null,
      longest: 100,
      optional: 'as it is',
      label: 'Name',
      help: 'What the axis is called from now on.',
    },
    units: {
      kind: 'text',
      default: null,
      longest: 40,
      optional: 'as they are',
      label: 'Units',
      help: 'Unit of the values along the axis.',
    },
    scale: {
      kind: 'number',
      default: null,
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      optional: 'as it is',
      label: 'Scale',
      help: 'Distance between neighbouring values; negative on a falling axis.',
    },
    offset: {
      kind: 'number',
      default: null,
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      optional: 'as it is',
      label: 'Offset',
      help: 'Value at the first index, in the units of the axis.',
    },
  },
  conflict: ({ scale }) => (scale === 0 ? { param: 'scale', message: 'scale must not be 0.' } : null),
});
