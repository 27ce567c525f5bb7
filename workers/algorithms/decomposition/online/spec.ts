import type { ParamSet } from '../../../specs/param.ts';

/** What ORPCA and ORNMF have in common beside the parameters of every decomposition. */
export const onlineParams = {
  subspace_learning_rate: {
    kind: 'number',
    default: 1,
    min: 1e-6,
    max: 1e6,
    label: 'Learning rate',
    help: 'Divides the gradient, as in HyperSpy: larger values take smaller steps.',
    advanced: true,
    when: { param: 'method', is: ['SGD', 'MomentumSGD'] },
  },
  subspace_momentum: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    label: 'Momentum',
    help: 'Share of the step before that is added to each step.',
    advanced: true,
    when: { param: 'method', is: ['MomentumSGD'] },
  },
  batch_size: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    label: 'Batch size',
    help: 'How many channels (or pixels) to take in before the components are moved.',
    optional: 'one at a time',
    advanced: true,
  },
  stream: {
    kind: 'choice',
    default: 'channels',
    options: [
      { value: 'channels', label: 'Channel images, one after the other' },
      { value: 'pixels', label: 'Spectra, one after the other' },
    ],
    label: 'Learn from',
    help: 'Channels as in HyperSpy; spectra for data larger than the memory, and for many more pixels than channels.',
    advanced: true,
  },
  project: {
    kind: 'boolean',
    default: false,
    label: 'Fit everything again at the end',
    help: 'Finds all weights anew with the final components; otherwise they are those found while learning.',
    advanced: true,
  },
  return_info: {
    kind: 'boolean',
    default: false,
    label: 'Keep the sparse part',
    help: 'Stores what was taken out as outliers, an array as large as the data.',
    advanced: true,
  },
} as const satisfies ParamSet;
