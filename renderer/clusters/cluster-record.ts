import type { ResultRecord } from '../../workers/model/result.ts';

type Held = Pick<ResultRecord, 'arrays' | 'scalars'>;

/** Holds a label for every pixel: a cluster analysis or a mixture. */
export const isClustering = (record: Held): boolean => 'labels' in record.arrays;

/** Clusters (or components of a mixture) of a result. */
export function clusterCount({ arrays, scalars }: Held): number {
  const rows =
    arrays['cluster_labels']?.shape[0] ?? arrays['weights']?.shape[0] ?? arrays['cluster_sum_signals']?.shape[0];
  const told = scalars['n_clusters'] ?? scalars['n_components'];
  return rows ?? (typeof told === 'number' ? told : 0);
}

/** What the map can show besides the labels. */
export interface MapChoice {
  id: string;
  title: string;
  array: string;
  /** which cluster's row or column; null = own cluster, or the array has one value per pixel */
  cluster: number | null;
  /** unit beside the colour bar */
  unit: string;
}

const memberships = ['predict_proba', 'membership', 'u'] as const;

/** Array with the probability of every pixel for every cluster, and whether clusters are its rows. */
export function membershipOf({ arrays }: Held, clusters: number): { name: string; isByRow: boolean } | null {
  for (const name of memberships) {
    const shape = arrays[name]?.shape;
    if (shape?.length !== 2 || arrays[name]?.dtype !== 'float64') continue;
    if (shape[1] === clusters) return { name, isByRow: false };
    if (shape[0] === clusters) return { name, isByRow: true };
  }
  return null;
}

/** The maps of a result besides its labels, in the order they are offered. `names` are those of the clusters. */
export function mapChoices(record: Held, names: readonly string[]): MapChoice[] {
  const clusters = names.length;
  const choices: MapChoice[] = [];
  const add = (id: string, title: string, array: string, cluster: number | null, unit = ''): number =>
    choices.push({ id, title, array, cluster, unit });
  if ('entropy' in record.arrays) add('entropy', 'Entropy', 'entropy', null);
  const membership = membershipOf(record, clusters);
  if (membership !== null) {
    names.forEach((name, c) => add(`member ${c}`, `Membership in ${name}`, membership.name, c));
  }
  if ('cluster_distances' in record.arrays)
    add('distance', 'Distance to own centre', 'cluster_distances', null, 'a.u.');
  return choices;
}

/**
 * Values per pixel of a map choice.
 * @param data    the array, C order
 * @param labels  labels of the result [samples]
 */
export function mapValues(
  { id, cluster }: Pick<MapChoice, 'id' | 'cluster'>,
  data: ArrayLike<number>,
  labels: ArrayLike<number>,
  clusters: number,
  isByRow: boolean,
): Float64Array {
  const samples = labels.length;
  const out = new Float64Array(samples);
  for (let p = 0; p < samples; p++) {
    const c = id === 'distance' ? (labels[p] as number) : cluster;
    if (id === 'entropy') out[p] = data[p] as number;
    else if (c === null || c < 0) out[p] = NaN;
    else out[p] = (isByRow ? data[c * samples + p] : data[p * clusters + c]) as number;
  }
  return out;
}
