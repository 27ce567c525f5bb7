import type { DataShape, Limit } from './algorithm.ts';
import type { Param, ParamSet } from './param.ts';

/** Parameters that every decomposition has, with HyperSpy's names and defaults. */
export const decompositionParams = {
  output_dimension: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    label: 'Components',
    help: 'How many components to compute. Leave empty for all, then choose with the scree plot.',
    optional: 'all',
  },
  normalize_poissonian_noise: {
    kind: 'boolean',
    default: false,
    label: 'Scale for Poisson noise',
    help: 'For counts (EDS, EELS, CL): weighs every value by its counting noise, so that weak real signals stand out.',
  },
  navigation_mask: {
    kind: 'input',
    default: null,
    role: 'navigation_mask',
    label: 'Leave out pixels',
    help: 'A mask over the pixels; marked pixels are left out of the calculation.',
    optional: 'use all pixels',
  },
  signal_mask: {
    kind: 'input',
    default: null,
    role: 'signal_mask',
    label: 'Leave out channels',
    help: 'A mask over the channels; marked channels are left out, e.g. a zero-loss peak or dead channels.',
    optional: 'use all channels',
  },
  reproject: {
    kind: 'choice',
    default: null,
    options: [
      { value: 'navigation', label: 'Pixels' },
      { value: 'signal', label: 'Channels' },
      { value: 'both', label: 'Pixels and channels' },
    ],
    label: 'Fill in what was left out',
    help: 'Fits the components to the left-out pixels or channels afterwards, so that maps and spectra have no holes.',
    optional: 'leave holes',
    advanced: true,
  },
} as const satisfies ParamSet;

export const centre = {
  kind: 'choice',
  default: null,
  options: [
    { value: 'navigation', label: 'Subtract the mean spectrum' },
    { value: 'signal', label: 'Subtract the mean of each spectrum' },
  ],
  label: 'Centring',
  help: 'What to subtract first. The mean spectrum makes the first component a difference; not with Poisson scaling.',
  optional: 'subtract nothing',
} as const satisfies Param;

export const svdSolver = {
  kind: 'choice',
  default: 'auto',
  options: [
    { value: 'auto', label: 'Automatic' },
    { value: 'full', label: 'Exact, all digits' },
    { value: 'gram', label: 'Exact, by the Gram matrix' },
    { value: 'randomized', label: 'Randomized' },
    { value: 'arpack', label: 'Exact, some components' },
  ],
  label: 'Solver',
  help: 'Automatic is exact up to 4096 pixels or channels, and randomized beyond when few components are wanted.',
  advanced: true,
} as const satisfies Param;

/** For methods that fit a given number of components and have no "all". */
export const requiredComponents = {
  kind: 'integer',
  default: null,
  min: 1,
  max: 1_000_000,
  label: 'Components',
  help: 'How many components to fit. An SVD of the same data shows how many stand out of the noise.',
} as const satisfies Param;

/** Bound on the number of components by the size of the data after masking. */
export function componentLimit(shape: DataShape, less = 0): Limit {
  const smaller = shape.samples <= shape.features ? 'pixels' : 'channels';
  const count = Math.min(shape.samples, shape.features);
  const max = Math.max(1, count - less);
  const bound = `there are ${count} ${smaller} that are not masked`;
  return { min: 1, max, why: less === 0 ? bound : `${bound} and this solver finds fewer than that` };
}
