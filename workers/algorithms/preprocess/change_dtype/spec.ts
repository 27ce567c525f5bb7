import { describePreparation } from '../../../specs/preparation-spec.ts';

export const changeDtype = describePreparation({
  id: 'change_dtype',
  title: 'Change the number type',
  summary: 'Converts the values to another type of number: float32 takes half the memory of float64.',
  question: 'Do the numbers need this much memory?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    dtype: {
      kind: 'choice',
      default: 'float32',
      options: [
        { value: 'float32', label: 'float32' },
        { value: 'float64', label: 'float64' },
        { value: 'uint8', label: 'uint8' },
        { value: 'uint16', label: 'uint16' },
        { value: 'uint32', label: 'uint32' },
        { value: 'int8', label: 'int8' },
        { value: 'int16', label: 'int16' },
        { value: 'int32', label: 'int32' },
      ],
      label: 'Type',
      help: 'Type of the numbers afterwards, by the name NumPy gives it.',
    },
  },
});
