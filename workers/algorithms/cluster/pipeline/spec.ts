import type { DataShape, Limit } from '../../../specs/algorithm.ts';
import type { Param, ParamSet } from '../../../specs/param.ts';
import { peakConflict, peakParams } from '../../../specs/peak-params.ts';

const words = [
  { value: 'signal', label: 'The data' },
  { value: 'decomposition', label: 'Loadings of the decomposition' },
  { value: 'bss', label: 'Loadings of the separation' },
] as const;

/** How the first centres of k-means are found. */
export const firstCentres = {
  kind: 'choice',
  default: 'k-means++',
  options: [
    { value: 'k-means++', label: 'Far from each other' },
    { value: 'random', label: 'Any pixels' },
  ],
  label: 'First centres',
  help: 'Which pixels the search begins with, drawn at random.',
  advanced: true,
} as const satisfies Param;

/** How far groups of pixels are from each other. */
export const linkage = {
  kind: 'choice',
  default: 'ward',
  options: [
    { value: 'ward', label: 'Least growth of scatter (Ward)' },
    { value: 'complete', label: 'Largest distance' },
    { value: 'average', label: 'Mean distance' },
    { value: 'single', label: 'Least distance' },
  ],
  label: 'Joining by',
  help: 'Which two groups are joined next: how the distance of groups follows from those of their pixels.',
} as const satisfies Param;

/** What is clustered and how it is prepared: parameters that every clustering has, with HyperSpy's names. */
export const clusterParams = {
  cluster_source: {
    kind: 'input',
    default: 'signal',
    role: 'array',
    words,
    label: 'Cluster by',
    help: 'What tells pixels apart: the data themselves, the loadings of a decomposition or separation, or another signal.',
  },
  source_for_centers: {
    kind: 'input',
    default: null,
    role: 'array',
    words,
    label: 'Show centres of',
    help: 'Of what the sum and the typical spectrum of every cluster are given.',
    optional: 'what is clustered',
    advanced: true,
  },
  number_of_components: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    label: 'Components',
    help: 'How many of the first components take part, when components are clustered.',
    optional: 'those above the noise',
  },
  comp_list: {
    kind: 'components',
    default: null,
    label: 'Only these components',
    help: 'Chosen components in place of the first ones, e.g. all but a background.',
    optional: 'the first ones',
    advanced: true,
  },
  ...peakParams,
  preprocessing: {
    kind: 'choice',
    default: null,
    options: [
      { value: 'norm', label: 'Equal length of every pixel' },
      { value: 'standard', label: 'Equal variance of every channel' },
      { value: 'minmax', label: 'Equal range of every channel' },
      { value: 'power', label: 'Power of the share of the maximum' },
    ],
    label: 'Scaling',
    help: 'Equal lengths make pixels of the same composition alike, whatever their thickness or dose.',
    optional: 'none',
  },
  norm: {
    kind: 'choice',
    default: 'l2',
    options: [
      { value: 'l1', label: 'Sum of sizes' },
      { value: 'l2', label: 'Euclidean' },
      { value: 'max', label: 'Largest size' },
    ],
    label: 'Length',
    help: 'Which length of every pixel is made 1; pixels of zeros stay as they are.',
    when: { param: 'preprocessing', is: ['norm'] },
    advanced: true,
  },
  with_mean: {
    kind: 'boolean',
    default: true,
    label: 'Subtract the mean',
    help: 'Subtracts the mean of every channel when variances are made equal.',
    when: { param: 'preprocessing', is: ['standard'] },
    advanced: true,
  },
  with_std: {
    kind: 'boolean',
    default: true,
    label: 'Divide by the deviation',
    help: 'Divides every channel by its standard deviation when variances are made equal.',
    when: { param: 'preprocessing', is: ['standard'] },
    advanced: true,
  },
  feature_range: {
    kind: 'numbers',
    default: null,
    least: 2,
    most: 2,
    label: 'Range',
    help: 'Least and largest value that every channel gets.',
    optional: '0 to 1',
    when: { param: 'preprocessing', is: ['minmax'] },
    advanced: true,
  },
  power: {
    kind: 'number',
    default: 0.5,
    min: 0.01,
    max: 10,
    label: 'Power',
    help: 'To which every value is raised, after division by the largest of its pixel.',
    when: { param: 'preprocessing', is: ['power'] },
    advanced: true,
  },
  navigation_mask: {
    kind: 'input',
    default: null,
    role: 'navigation_mask',
    label: 'Leave out pixels',
    help: 'A mask over the pixels; marked pixels belong to no cluster.',
    optional: 'use all pixels',
  },
  signal_mask: {
    kind: 'input',
    default: null,
    role: 'signal_mask',
    label: 'Leave out channels',
    help: 'A mask over the channels; marked channels take no part when a signal is clustered.',
    optional: 'use all channels',
  },
} as const satisfies ParamSet;

/** The number of clusters, by its usual name. */
export const numberOfClusters = (value: number = usual) =>
  ({
    kind: 'integer',
    default: value,
    min: 1,
    max: 100_000,
    label: 'Clusters',
    help: 'How many groups to find. “Number of clusters” compares several.',
  }) as const satisfies Param;

/** Combinations that every clustering refuses. */
export function clusterConflict(values: {
  number_of_components: number | null;
  comp_list: number | readonly number[] | null;
  peak_parameters?: string | null;
  peak_list?: number | readonly number[] | null;
  cluster_source: string | null;
  preprocessing: string | null;
  feature_range: readonly number[] | null;
}): { param: string; message: string } | null {
  const { preprocessing, feature_range: range } = values;
  if (values.number_of_components !== null && values.comp_list !== null) {
    return {
      param: 'comp_list',
      message: 'comp_list must be empty when number_of_components is given: either the first ones, or those listed.',
    };
  }
  const ofPeaks = peakConflict(values);
  if (ofPeaks !== null) return ofPeaks;
  if (preprocessing === 'minmax' && range && !(range[0]! < range[1]!)) {
    return {
      param: 'feature_range',
      message: `feature_range must be a lower and a higher value; got ${range.join(', ')}.`,
    };
  }
  return null;
}

const usual = 8;

/** No more clusters than pixels; a handful may always be asked for, and what is found is then said. */
export const clusterLimits = ({ samples }: DataShape): Readonly<Record<string, Limit>> => ({
  n_clusters: { min: 1, max: Math.max(usual, samples), why: `there are ${samples} pixels that are not masked` },
});

/** Parameters of methods that cannot take all pixels of a large map. */
export const reduceParams = {
  reduction: {
    kind: 'choice',
    default: null,
    options: [
      { value: 'kmeans', label: 'Small groups by k-means' },
      { value: 'sample', label: 'A sample of pixels' },
    ],
    label: 'Fewer pixels',
    help: 'For large maps: clusters the centres of many small groups, or a sample; every pixel follows the nearest.',
    optional: 'all pixels',
    advanced: true,
  },
  reduced_size: {
    kind: 'integer',
    default: 1000,
    min: 2,
    max: 20_000,
    label: 'How many',
    help: 'Number of small groups, or of pixels in the sample.',
    when: { param: 'reduction', is: ['kmeans', 'sample'] },
    advanced: true,
  },
} as const satisfies ParamSet;
