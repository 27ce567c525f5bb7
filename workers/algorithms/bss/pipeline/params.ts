import type { DataShape, Limit } from '../../../specs/algorithm.ts';
import type { ParamSet } from '../../../specs/param.ts';

/** Parameters that every separation has, with HyperSpy's names and defaults. */
export const separationParams = {
  number_of_components: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 4096,
    label: 'Components',
    help: 'How many of the first components to separate: those that are signal, not noise.',
    optional: 'all of the decomposition',
  },
  comp_list: {
    kind: 'components',
    default: null,
    label: 'Only these components',
    help: 'Chosen components in place of the first ones, e.g. to leave out a background.',
    optional: 'the first ones',
    advanced: true,
  },
  on_loadings: {
    kind: 'boolean',
    default: false,
    label: 'Separate the maps',
    help: 'Looks for independent maps (loadings) in place of independent spectra (factors).',
  },
  diff_order: {
    kind: 'integer',
    default: 1,
    min: 0,
    max: 4,
    label: 'Derivative',
    help: 'Separates the derivative of this order, in which smooth backgrounds vanish and edges stand out; 0 = none.',
  },
  diff_axes: {
    kind: 'numbers',
    default: null,
    least: 1,
    most: 8,
    label: 'Axes of the derivative',
    help: 'Which axes of the spectra (or maps) to differentiate along, counted from 0, slowest first.',
    optional: 'all of them',
    advanced: true,
  },
  whiten_method: {
    kind: 'choice',
    default: 'PCA',
    options: [
      { value: 'PCA', label: 'Principal axes' },
      { value: 'ZCA', label: 'Nearest to the data' },
      { value: 'none', label: 'None' },
    ],
    label: 'Whitening',
    help: 'How the components are made uncorrelated and of equal size before the search. Both ways lead to the same sources.',
    advanced: true,
  },
  reverse_component_criterion: {
    kind: 'choice',
    default: 'factors',
    options: [
      { value: 'factors', label: 'Spectra' },
      { value: 'loadings', label: 'Maps' },
    ],
    label: 'Make positive',
    help: 'The sign of a source is free: it is chosen so that the largest value of its spectrum, or of its map, is positive.',
    advanced: true,
  },
  mask: {
    kind: 'input',
    default: null,
    role: 'signal_mask',
    label: 'Leave out',
    help: 'Channels (or pixels, when maps are separated) that take no part in the search; the sources are still whole.',
    optional: 'use all',
    advanced: true,
  },
  factors: {
    kind: 'input',
    default: null,
    role: 'array',
    label: 'Other factors',
    help: 'Factors of another origin to separate, one per row, in place of those of the decomposition.',
    optional: 'those of the decomposition',
    advanced: true,
  },
} as const satisfies ParamSet;

/** The number of sources is bounded by the decomposition, which is checked when it runs. */
export const separationLimits = (shape: DataShape): Readonly<Record<string, Limit>> => ({
  number_of_components: {
    min: 1,
    max: Math.max(1, Math.min(shape.samples, shape.features)),
    why: 'a decomposition has no more components than the data have pixels or channels',
  },
});

/** Samples × sources, rough: a few copies of the sources and some hundred sweeps over them. */
export const separationEstimate = ({ samples, features }: DataShape): { bytes: number; seconds: number } => ({
  bytes: (samples + features) * 20 * 8 * 6,
  seconds: ((samples + features) * 20 * 300) / 2e8,
});

/** Combinations that every separation refuses. */
export function separationConflict(values: {
  number_of_components: number | null;
  comp_list: number | readonly number[] | null;
}): { param: string; message: string } | null {
  if (values.number_of_components !== null && values.comp_list !== null) {
    return {
      param: 'comp_list',
      message: 'comp_list must be empty when number_of_components is given: either the first ones, or those listed.',
    };
  }
  return null;
}
