import { describePreparation } from '../../../specs/preparation-spec.ts';

export const removeSpikes = describePreparation({
  id: 'remove_spikes',
  title: 'Remove spikes',
  summary:
    'Finds single channels that jump out of a spectrum (cosmic rays, X-ray hits) and fills them from their neighbours.',
  question: 'Do cosmic rays stick out of single spectra?',
  reference: 'D. A. Whitaker, K. Hayes, Chemometrics and Intelligent Laboratory Systems 179, 82 (2018)',
  params: {
    threshold: {
      kind: 'number',
      default: 8,
      min: 1,
      max: 1e6,
      label: 'Threshold',
      help: 'How many robust standard deviations a jump must have; lower finds more, and more that is none.',
    },
    width: {
      kind: 'integer',
      default: 3,
      min: 1,
      max: 50,
      unit: 'channels',
      label: 'Neighbours',
      help: 'Channels on both sides that a spike is filled from, those that are spikes left out.',
    },
  },
});
