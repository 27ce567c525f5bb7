import type { ResultArray, ResultRecord, Scalar } from '../../workers/model/result.ts';
import type { LearningFields } from '../io/hspy-learning.ts';

type Arrays = Readonly<Record<string, ResultArray>>;

/** Arrays of a clustering that HyperSpy has fields for, by the same names. */
const ofClusters = [
  'cluster_labels',
  'cluster_distances',
  'cluster_centroids',
  'cluster_sum_signals',
  'cluster_centroid_signals',
] as const;

/** What it has none for, kept under names of ours. */
const ownOfClusters = [
  'labels',
  'membership',
  'fuzzy_centres',
  'merges',
  'leaves',
  'leaf_labels',
  'k_distances',
] as const;

const isThere = (array: ResultArray | undefined): array is ResultArray => array !== undefined && array.data.length > 0;

function pick(arrays: Arrays, names: readonly string[], prefix = ''): Record<string, ResultArray> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const array = arrays[name];
      return isThere(array) ? [[`${prefix}${name}`, array]] : [];
    }),
  );
}

/** A clustering as HyperSpy keeps it in `learning_results`; without clusters, their number alone. */
export function clusterFields({ algorithm, scalars }: ResultRecord, arrays: Arrays): LearningFields {
  const found = scalars['n_clusters'];
  return {
    arrays: { ...pick(arrays, ofClusters), ...pick(arrays, ownOfClusters, 'eigenscope_') },
    scalars: { cluster_algorithm: algorithm, number_of_clusters: typeof found === 'number' ? found : null },
  };
}

/** A comparison of numbers of clusters as HyperSpy keeps it: silhouettes suggest a list, the other criteria one number. */
export function clusterMetricFields({ scalars: found }: ResultRecord, arrays: Arrays): LearningFields {
  const several = arrays['best_k'];
  const scalars: Record<string, Scalar> = {
    cluster_metric: found['cluster_metric'] ?? null,
    ...(several ? {} : { estimated_number_of_clusters: found['best_k'] ?? null }),
  };
  return {
    arrays: {
      ...pick(arrays, ['cluster_metric_data', 'cluster_metric_index']),
      ...(several ? { estimated_number_of_clusters: several } : {}),
      ...pick(arrays, ['gap_error', 'silhouette_samples'], 'eigenscope_'),
    },
    scalars,
  };
}
