import { describe, expect, it } from 'vitest';
import { allAlgorithms } from '../../workers/specs/registry.ts';
import { countParamOf, isOfData, wizardKindOf } from './kinds.ts';

const spec = (id: string) => {
  const found = allAlgorithms.find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no ${id}.`);
  return found;
};

describe('the wizards', () => {
  it('offer decompositions, separations, and all that groups pixels; derived steps have none', () => {
    expect(['SVD', 'NMF'].map((id) => wizardKindOf(spec(id)))).toEqual(['decompose', 'decompose']);
    expect(wizardKindOf(spec('sklearn_fastica'))).toBe('separate');
    expect(['kmeans', 'gaussian_mixture', 'estimate_number_of_clusters'].map((id) => wizardKindOf(spec(id)))).toEqual([
      'cluster',
      'cluster',
      'cluster',
    ]);
    expect(['get_decomposition_model', 'estimate_number_of_components'].map((id) => wizardKindOf(spec(id)))).toEqual([
      null,
      null,
    ]);
  });
  it('have one of their own for peaks, which tell their number themselves', () => {
    expect(wizardKindOf(spec('fit_peaks'))).toBe('peaks');
    expect(countParamOf('peaks', spec('fit_peaks'))).toBeNull();
  });
  it('know which number people vary: the clusters, not the components that are compared', () => {
    expect(countParamOf('decompose', spec('SVD'))).toBe('output_dimension');
    expect(countParamOf('separate', spec('sklearn_fastica'))).toBe('number_of_components');
    expect(countParamOf('cluster', spec('kmeans'))).toBe('n_clusters');
    expect(countParamOf('cluster', spec('gaussian_mixture'))).toBe('n_components');
    expect(countParamOf('cluster', spec('estimate_number_of_clusters'))).toBeNull();
  });
  it('ask for masks, and what a cluster analysis compares, with the data', () => {
    const asked = (id: string) => {
      const kind = wizardKindOf(spec(id)) ?? 'decompose';
      return Object.entries(spec(id).params).flatMap((entry) => (isOfData(kind, entry) ? [entry[0]] : []));
    };
    expect(asked('kmeans').sort()).toEqual(
      expect.arrayContaining(['cluster_source', 'navigation_mask', 'number_of_components', 'signal_mask']),
    );
    expect(asked('kmeans')).toEqual(expect.arrayContaining(['peak_parameters', 'peak_list']));
    expect(asked('kmeans')).not.toContain('n_clusters');
    expect(asked('sklearn_fastica')).toEqual(['mask']);
    expect(asked('SVD')).toEqual(['navigation_mask', 'signal_mask']);
  });
  it('ask questions that fit one line', () => {
    const long = allAlgorithms.filter(
      (one) => ['separate', 'cluster'].includes(wizardKindOf(one) ?? '') && one.question.length > 24,
    );
    expect(long.map(({ id, question }) => `${id}: ${question}`)).toEqual([]);
  });
});
