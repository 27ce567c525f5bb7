import { describe, expect, it } from 'vitest';
import { silhouetteBars, silhouetteSource } from './silhouettes.ts';

const base = { name: 'n', parent: 'svd', dataset: 'd', seed: 0, arrays: {} };
const kmeans = {
  ...base,
  id: 'km',
  operation: 'cluster_analysis',
  algorithm: 'kmeans',
  parameters: { cluster_source: 'decomposition', preprocessing: null },
};
const estimate = {
  ...base,
  id: 'n',
  operation: 'estimate_number_of_clusters',
  algorithm: null,
  parameters: { cluster_source: 'decomposition' } as Record<string, unknown>,
  arrays: { silhouette_samples: { dtype: 'float64' as const, shape: [4, 100] } },
};

describe('silhouettes', () => {
  it('come from an estimate of the same values with the same method', () => {
    expect(silhouetteSource(kmeans, 3, [kmeans, estimate])).toMatchObject({ result: 'n', row: 1 });
    expect(silhouetteSource(kmeans, 6, [estimate])).toBeNull();
    expect(silhouetteSource(kmeans, 3, [{ ...estimate, parent: 'nmf' }])).toBeNull();
    expect(silhouetteSource(kmeans, 3, [{ ...estimate, seed: 1 }])).toBeNull();
    expect(silhouetteSource(kmeans, 3, [{ ...estimate, parameters: { preprocessing: 'norm' } }])).toBeNull();
  });
  it('fall within every cluster, clusters one after the other', () => {
    const bars = silhouetteBars(
      [0.5, 0.1, NaN, 0.9, -0.2, 0.4],
      [1, 0, 0, 1, 0, -1],
      [{ id: 0 }, { id: 1 }, { id: 2 }],
    );
    expect(bars.map(({ id, start, values }) => [id, start, [...values]])).toEqual([
      [0, 0, [0.1, -0.2]],
      [1, 2, [0.9, 0.5]],
    ]);
    expect(bars[1]?.mean).toBeCloseTo(0.7, 12);
  });
});
