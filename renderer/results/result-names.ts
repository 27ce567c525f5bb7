import type { FormValues } from '../forms/form-model.ts';

const ACRONYMS: ReadonlySet<string> = new Set(['pca', 'ica', 'nmf', 'svd', 'mdp', 'som', 'tdsep']);

/** Ids that are not made of words. */
const NAMES: Readonly<Record<string, string>> = {
  sklearn_fastica: 'FastICA',
  FastICA: 'FastICA (MDP)',
  kmeans: 'k-means',
  minibatchkmeans: 'mini-batch k-means',
  spectralclustering: 'spectral',
  dbscan: 'DBSCAN',
  fuzzy_c_means: 'fuzzy c-means',
  gaussian_mixture: 'Gaussian mixture',
  gaussian_mixture_selection: 'Number of Gaussian clouds',
  fit_peaks: 'peaks',
  estimate_number_of_clusters: 'Number of clusters',
};

/** What people call a method: "sklearn_pca" → "PCA", "sparse_pca" → "sparse PCA"; ids in capitals stay as they are. */
export function shortMethodName(algorithm: string): string {
  const name = NAMES[algorithm];
  if (name !== undefined) return name;
  return algorithm
    .replace(/^sklearn_/, '')
    .split('_')
    .map((word) => (ACRONYMS.has(word) ? word.toUpperCase() : word))
    .join(' ');
}

const COUNTS = ['output_dimension', 'n_clusters', 'n_components', 'number_of_components'] as const;

/**
 * "SVD 30 · Poisson", "NMF 5 · masked", "k-means 6 · norm", "FastICA 4 · maps": method, components where a number was given, then what sets this run apart.
 * A name that is taken gets a number at the end.
 */
export function suggestName(algorithm: string, values: FormValues, taken: readonly string[] = []): string {
  // of a cluster analysis the clusters are counted, not the components that it compares
  const counted = COUNTS.filter((id) => id !== 'number_of_components' || !('cluster_source' in values));
  const components = counted.map((id) => values[id]).find(isCount);
  const picked = values['positions'];
  const peaks = Array.isArray(picked) ? picked.length : values['n_peaks'];
  if (isCount(peaks)) return untaken(`${peaks} peak${peaks === 1 ? '' : 's'}`, taken);
  const method = shortMethodName(algorithm);
  const parts = [components === undefined ? method : `${method} ${components}`];
  if (values['normalize_poissonian_noise'] === true) parts.push('Poisson');
  if (typeof values['centre'] === 'string') parts.push('centred');
  if (typeof values['preprocessing'] === 'string') parts.push(values['preprocessing']);
  if (typeof values['metric'] === 'string') parts.push(values['metric'].replaceAll('_', ' '));
  if (values['on_loadings'] === true) parts.push('maps');
  if (isGiven(values['mask']) || isGiven(values['navigation_mask']) || isGiven(values['signal_mask']))
    parts.push('masked');
  return untaken(parts.join(' · '), taken);
}

function untaken(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}

/** What is mistyped is said at its field; no name follows from it. */
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
