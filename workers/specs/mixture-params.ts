import { decompositionParams } from './decomposition-params.ts';
import type { ParamSet } from './param.ts';
import { peakParams } from './peak-params.ts';

const { navigation_mask, signal_mask } = decompositionParams;

/** What is divided into components: HyperSpy's names of a clustering. */
export const sourceParams = {
  cluster_source: {
    kind: 'input',
    default: 'signal',
    role: 'array',
    words: [
      { value: 'signal', label: 'The spectra' },
      { value: 'decomposition', label: 'Loadings of the decomposition' },
      { value: 'bss', label: 'Separated loadings' },
    ],
    label: 'Values',
    help: 'What is compared between pixels. A few loadings are far better behaved than whole spectra.',
  },
  number_of_components: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    label: 'Of the loadings, the first',
    help: 'How many loadings to use; those beyond the signal only add noise.',
    optional: 'those above the noise',
    when: { param: 'cluster_source', is: ['decomposition', 'bss'] },
  },
  ...peakParams,
  preprocessing: {
    kind: 'choice',
    default: null,
    options: [
      { value: 'norm', label: 'Length 1 of every pixel' },
      { value: 'standard', label: 'Mean 0 and deviation 1 of every column' },
      { value: 'minmax', label: 'From 0 to 1 in every column' },
    ],
    label: 'Scale before',
    help: 'Length 1 compares shapes and forgets intensity; the others give every column the same weight.',
    optional: 'as they are',
  },
} as const satisfies ParamSet;

/** scikit-learn's parameters of a fit, with its names and defaults. */
export const fitParams = {
  covariance_type: {
    kind: 'choice',
    default: 'full',
    options: [
      { value: 'full', label: 'Any ellipsoid, each its own' },
      { value: 'tied', label: 'The same ellipsoid for all' },
      { value: 'diag', label: 'Along the axes' },
      { value: 'spherical', label: 'Balls' },
    ],
    label: 'Shape of a component',
    help: 'The freer the shape, the more numbers must be found from the data; many columns call for a simple shape.',
  },
  init_params: {
    kind: 'choice',
    default: 'kmeans',
    options: [
      { value: 'kmeans', label: 'k-means clusters' },
      { value: 'k-means++', label: 'Spread-out pixels' },
      { value: 'random', label: 'Random shares' },
      { value: 'random_from_data', label: 'Random pixels' },
    ],
    label: 'Start from',
    help: 'Where the search begins. Every start depends on the seed.',
    advanced: true,
  },
  n_init: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 1000,
    label: 'Starts',
    help: 'The search is repeated from so many starts and the best is kept; 10 is a safe number.',
  },
  max_iter: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 100_000,
    label: 'Most iterations',
    help: 'The search of each start ends after so many steps even if it still improves.',
    advanced: true,
  },
  tol: {
    kind: 'number',
    default: 1e-3,
    min: 0,
    max: 10,
    label: 'Tolerance',
    help: 'A search ends when the mean log-likelihood per pixel changes by less than this.',
    advanced: true,
  },
  reg_covar: {
    kind: 'number',
    default: 1e-6,
    min: 0,
    max: 1e300,
    label: 'Added to variances',
    help: 'Keeps components from shrinking onto single pixels; in squared units of the values.',
    advanced: true,
  },
} as const satisfies ParamSet;

export const maskParams = { navigation_mask, signal_mask } as const satisfies ParamSet;

export type CovarianceType = 'full' | 'tied' | 'diag' | 'spherical';

/** How many numbers a mixture of k components in p dimensions has to find from the data. */
export function parameterCount(type: CovarianceType, k: number, p: number): number {
  const covariances = {
    full: (k * p * (p + 1)) / 2,
    tied: (p * (p + 1)) / 2,
    diag: k * p,
    spherical: k,
  }[type];
  return covariances + k * p + k - 1;
}

/** Rough memory and time of the fits of a mixture, from multiplications at 1.5 GHz·cores. */
export function estimateMixture(
  { samples, features }: { samples: number; features: number },
  { k, type, starts, iterations, columns }: MixtureSize,
  threads: number,
): { bytes: number; seconds: number } {
  const p = Math.min(features, columns ?? features);
  const isDense = type === 'full' || type === 'tied';
  const perRow = k * p * (isDense ? 2 * p + 10 : 10);
  // the values twice: the k-means of the start has its own
  const bytes = 8 * (samples * (2 * p + 2 * k + 3) + (isDense ? 12 * k * p * p : 20 * k * p));
  return { bytes, seconds: 0.05 + (starts * iterations * samples * perRow) / (1.5e9 * Math.max(1, threads)) };
}

export interface MixtureSize {
  k: number;
  type: CovarianceType;
  starts: number;
  iterations: number;
  /** number of loadings, where these are divided */
  columns: number | null;
}
