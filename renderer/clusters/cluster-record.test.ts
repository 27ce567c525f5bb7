import { describe, expect, it } from 'vitest';
import { clusterCount, isClustering, mapChoices, mapValues, membershipOf } from './cluster-record.ts';

const held = (shapes: Record<string, number[]>, scalars = {}) => ({
  arrays: Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { dtype: 'float64' as const, shape }]),
  ),
  scalars,
});

describe('a clustering', () => {
  const kmeans = held({ labels: [4], cluster_labels: [2, 4], cluster_distances: [2, 4] });
  const mixture = held({ labels: [4], weights: [3], predict_proba: [4, 3], entropy: [4] });

  it('is told by its labels, and knows how many clusters it has', () => {
    expect([isClustering(kmeans), isClustering(held({ loadings: [4, 2] }))]).toEqual([true, false]);
    expect([
      clusterCount(kmeans),
      clusterCount(mixture),
      clusterCount(held({ labels: [4] }, { n_clusters: 5 })),
    ]).toEqual([2, 3, 5]);
  });
  it('offers the maps that its arrays hold', () => {
    expect(mapChoices(kmeans, ['a', 'b']).map(({ title }) => title)).toEqual(['Distance to own centre']);
    expect(mapChoices(mixture, ['a', 'b', 'c']).map(({ id }) => id)).toEqual([
      'entropy',
      'member 0',
      'member 1',
      'member 2',
    ]);
    expect(membershipOf(mixture, 3)).toEqual({ name: 'predict_proba', isByRow: false });
  });
  it('has a distance to its own centre in every pixel with a cluster', () => {
    const values = mapValues({ id: 'distance', cluster: null }, [1, 2, 3, 4, 5, 6, 7, 8], [0, 1, -1, 1], 2, true);
    expect([...values]).toEqual([1, 6, NaN, 8]);
  });
  it('has a membership from columns', () => {
    const values = mapValues({ id: 'member 1', cluster: 1 }, [0.9, 0.1, 0.2, 0.8], [0, 1], 2, false);
    expect([...values]).toEqual([0.1, 0.8]);
  });
});
