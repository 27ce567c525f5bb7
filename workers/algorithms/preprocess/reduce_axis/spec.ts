import { describePreparation } from '../../../specs/preparation-spec.ts';

export const reduceAxis = describePreparation({
  id: 'reduce_axis',
  title: 'Sum, mean or extreme over an axis',
  summary:
    'Brings one axis down to a single value: the sum of all channels, the mean of all rows, the largest of all frames.',
  question: 'Is one axis to be summed or averaged?',
  reference: 'F. de la Peña et al., HyperSpy (2022)',
  params: {
    axis: {
      kind: 'axis',
      default: null,
      among: 'any',
      label: 'Axis',
      help: 'The axis that goes away, by name or index.',
    },
    function: {
      kind: 'choice',
      default: 'sum',
      options: [
        { value: 'sum', label: 'Sum' },
        { value: 'mean', label: 'Mean' },
        { value: 'max', label: 'Largest' },
        { value: 'min', label: 'Smallest' },
        { value: 'std', label: 'Standard deviation' },
      ],
      label: 'Function',
      help: 'What is computed of the values along the axis.',
    },
  },
});
