import { describe, expect, it } from 'vitest';
import type { ResultRecord } from '../../workers/model/result.ts';
import { countEstimates, curvesOf } from './cluster-counts.ts';

type Part = Pick<ResultRecord, 'arrays' | 'scalars' | 'parameters' | 'kind' | 'parent' | 'dataset'>;
const estimate = (more: Partial<Part>): Part => ({
  kind: 'estimate',
  parent: 'svd',
  dataset: 'd1',
  arrays: {
    cluster_metric_index: { dtype: 'int32', shape: [9] },
    cluster_metric_data: { dtype: 'float64', shape: [9] },
  },
  scalars: { best_k: 4 },
  parameters: { metric: 'silhouette', cluster_source: 'decomposition' },
  ...more,
});

describe('comparisons of numbers of clusters', () => {
  it('are one curve with its numbers and what it suggests', () => {
    expect(curvesOf(estimate({}))).toEqual([
      expect.objectContaining({
        id: 'silhouette',
        label: 'Silhouette',
        values: 'cluster_metric_data',
        index: 'cluster_metric_index',
        best: 4,
      }),
    ]);
  });
  it('are two curves for mixtures, over the numbers that were tried', () => {
    const arrays = { aic: { dtype: 'float64', shape: [3] }, bic: { dtype: 'float64', shape: [3] } } as const;
    const given = estimate({
      arrays,
      scalars: { best_k_aic: 5, best_k_bic: 3 },
      parameters: { n_components: [2, 3, 5] },
    });
    expect(curvesOf(given).map(({ id, counts, best }) => [id, counts, best])).toEqual([
      ['bic', [2, 3, 5], 3],
      ['aic', [2, 3, 5], 5],
    ]);
    expect(curvesOf({ ...given, parameters: { n_components: null } })[0]?.counts).toEqual([1, 2, 3]);
  });
  it('are told apart from other estimates', () => {
    expect(curvesOf(estimate({ arrays: {}, scalars: { elbow: 4 } }))).toEqual([]);
    expect(curvesOf(estimate({ kind: 'cluster_analysis' }))).toEqual([]);
  });
  it('count only for the values that they were made from, newest first', () => {
    const first = estimate({ scalars: { best_k: 2 } });
    const second = estimate({ scalars: { best_k: 3 } });
    const ofData = estimate({ parent: null, parameters: { cluster_source: 'signal', metric: 'gap' } });
    const all = [first, ofData, second, estimate({ dataset: 'd2' })];
    expect(countEstimates(all, 'd1', { parent: 'svd', source: 'decomposition' })).toEqual([second, first]);
    expect(countEstimates(all, 'd1', { parent: null, source: 'signal' })).toEqual([ofData]);
  });
});
