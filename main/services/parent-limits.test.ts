import { describe, expect, it } from 'vitest';
import { algorithmById } from '../../workers/specs/registry.ts';
import { parentLimits } from './parent-limits.ts';

const svd = (components: number, significant: number | null, asked: number | null = null) => ({
  name: `SVD ${components}`,
  operation: 'decomposition',
  parameters: { output_dimension: asked },
  scalars: significant === null ? {} : { number_significant_components: significant },
  arrays: { loadings: { dtype: 'float64', shape: [20, components] } } as const,
});
const ica = (components: number) => ({
  name: `FastICA ${components}`,
  operation: 'blind_source_separation',
  parameters: {},
  scalars: {},
  arrays: { bss_loadings: { dtype: 'float64', shape: [20, components] } } as const,
});
const of = (id: string, values: Record<string, unknown>, lineage: Parameters<typeof parentLimits>[2]) =>
  parentLimits(algorithmById(id)!, values, lineage);

describe('limits that follow from what a run is computed from', () => {
  it('bound a separation by the components of its decomposition, by name', () => {
    const { limits, problems } = of('sklearn_fastica', { number_of_components: 6 }, [svd(5, 3)]);
    expect(limits['number_of_components']).toEqual({ min: 1, max: 5, why: 'SVD 5 has 5 components' });
    expect(problems).toEqual([
      {
        param: 'number_of_components',
        message: 'number_of_components must be from 1 to 5, because SVD 5 has 5 components; got 6.',
      },
    ]);
    expect(of('sklearn_fastica', { number_of_components: 5 }, [svd(5, 3)]).problems).toEqual([]);
  });

  it('name the listed component that is not there', () => {
    expect(of('orthomax', { comp_list: [0, 5] }, [svd(5, 3)]).problems[0]?.message).toBe(
      'comp_list takes indices from 0 to 4, because SVD 5 has 5 components; got 5.',
    );
    expect(of('orthomax', { comp_list: 7 }, [svd(5, 3)]).problems[0]?.message).toMatch(/at most 5.*got 7/);
  });

  it('ask for a number where a decomposition holds all components there are', () => {
    expect(of('JADE', {}, [svd(20, 4)]).problems[0]?.message).toMatch(
      /must be given.*noise\. The scree plot suggests 4/,
    );
    expect(of('JADE', {}, [svd(5, 4, 5)]).problems).toEqual([]);
    expect(of('JADE', { factors: 'smooth' }, [svd(20, 4)]).problems).toEqual([]);
  });

  it('look for what a clustering compares along the line it comes from', () => {
    const line = [ica(3), svd(12, 4)];
    expect(of('kmeans', { cluster_source: 'bss' }, line).limits['number_of_components']?.max).toBe(3);
    expect(of('kmeans', { cluster_source: 'decomposition' }, line).limits['number_of_components']?.max).toBe(12);
    expect(of('kmeans', { cluster_source: 'decomposition' }, [svd(12, null)]).problems[0]?.param).toBe(
      'number_of_components',
    );
    expect(of('kmeans', { cluster_source: 'bss' }, [svd(12, 4)]).problems).toMatchObject([{ param: 'cluster_source' }]);
  });

  it('say nothing where no components take part', () => {
    expect(of('kmeans', { cluster_source: 'signal', number_of_components: 99 }, [])).toEqual({
      limits: {},
      problems: [],
    });
    expect(of('SVD', { output_dimension: 99 }, [])).toEqual({ limits: {}, problems: [] });
  });
});
