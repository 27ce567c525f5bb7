import { describe, expect, it } from 'vitest';
import type { ResultRecord } from '../../workers/model/result.ts';
import { comparisonOf, criteriaParameters, marksOf, suggestedBy } from './criteria.ts';

const scalars = { elbow: 5, elbow_reason: 'It bends.', parallel_analysis: 4, hard_threshold: 4, noise_level: 0.1 };

describe('criteria for the number of components', () => {
  it('are listed with those that know the noise first', () => {
    expect(suggestedBy({ scalars }).map(({ id, count }) => [id, count])).toEqual([
      ['parallel_analysis', 4],
      ['hard_threshold', 4],
      ['elbow', 5],
    ]);
    expect(suggestedBy({ scalars })[2]!.reason).toBe('It bends.');
  });
  it('that agree share a mark', () => {
    expect(marksOf(suggestedBy({ scalars }))).toEqual([
      { count: 4, labels: ['Parallel analysis', 'Best for removing noise'] },
      { count: 5, labels: ['Knee of the curve'] },
    ]);
  });
  it('are asked for with the settings of the decomposition', () => {
    const parameters = { normalize_poissonian_noise: true, centre: null, output_dimension: 7, signal_mask: 'm' };
    expect(criteriaParameters({ algorithm: 'SVD', parameters })).toEqual({
      normalize_poissonian_noise: true,
      signal_mask: 'm',
    });
    expect(criteriaParameters({ algorithm: 'sklearn_pca', parameters: {} })).toEqual({ centre: 'navigation' });
  });
  it('belong to the result they were asked for, the newest one', () => {
    const made = (id: string, parent: string): ResultRecord =>
      ({ id, parent, operation: 'estimate_number_of_components' }) as ResultRecord;
    const list = [made('a', 'svd'), made('b', 'svd'), made('c', 'nmf')];
    expect(comparisonOf(list, { id: 'svd' })?.id).toBe('b');
    expect(comparisonOf(list, { id: 'pca' })).toBeNull();
  });
});
