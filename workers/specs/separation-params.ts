import type { DataShape, Limit } from './algorithm.ts';
import type { ParamSet } from './param.ts';

/** Parameters that every separation has, with HyperSpy's names and defaults. */
export const separationParams = {
  number_of_components: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 4096,
    label: 'Components',
    help: 'How many of the first components to separate: those that are signal, not noise.',
    optional: 'all that were kept',
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
    help: 'Factors of another origin for the search, e.g. smoothed ones, one per row; the unmixing is applied to the decomposition.',
    optional: 'those of the decomposition',
    advanced: true,
  },
} as const satisfies ParamSet;

/** The parameter of methods whose answer depends on a random start. */
export const runsParam = {
  n_runs: {
    kind: 'integer',
    default: 3,
    min: 1,
    max: 1000,
    label: 'Starts',
    help: 'Runs from so many random starts, keeps the best and tells how alike the sources come out each time.',
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

/**
 * Memory of the samples of the search (a few copies, one in kernel memory) and of the result; time of some hundred looks at
 * the samples at 2 ns for each of the sample × source pairs and four products.
 */
export function separationEstimate(
  { samples, features }: DataShape,
  values: { number_of_components: number | null; on_loadings: boolean },
): { bytes: number; seconds: number } {
  const k = Math.min(values.number_of_components ?? 10, samples, features);
  // the derivatives along two axes, stacked
  const count = 2 * (values.on_loadings ? samples : features);
  return {
    bytes: 8 * k * (6 * count + 4 * (samples + features)),
    seconds: 1e-3 + 1e-7 * count * k + 4e-8 * count * k * k,
  };
}

/** Combinations that every separation refuses. */
export function separationConflict(values: {
  number_of_components: number | null;
  comp_list: number | readonly number[] | null;
}): { param: string; message: string } | null {
  const { number_of_components: first, comp_list: list } = values;
  if (first !== null && list !== null) {
    return {
      param: 'comp_list',
      message: 'comp_list must be empty when number_of_components is given: either the first ones, or those listed.',
    };
  }
  const repeated = typeof list === 'object' ? list?.find((index, i) => list.indexOf(index) !== i) : undefined;
  if (repeated !== undefined) {
    return { param: 'comp_list', message: `comp_list must name every component once; got ${repeated} twice.` };
  }
  return null;
}
