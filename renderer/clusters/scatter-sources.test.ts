import { describe, expect, it } from 'vitest';
import { scatterSources } from './scatter-sources.ts';

const result = (id: string, shapes: Record<string, number[]>, more: Record<string, unknown> = {}) => ({
  id,
  name: id,
  parent: null as string | null,
  dataset: 'd',
  parameters: {} as Record<string, unknown>,
  arrays: Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { dtype: 'float64' as const, shape }]),
  ),
  ...more,
});

describe('sources of the scatter plot', () => {
  const nmf = result('nmf', { loadings: [100, 5] });
  const ica = result('ica', { bss_loadings: [100, 3] }, { parent: 'nmf' });
  const map = result('umap', { embedding: [100, 2] });
  const other = result('other', { loadings: [64, 4] });
  const clusters = (more: Record<string, unknown>) =>
    result('km', { labels: [100], cluster_distances: [6, 100] }, more);

  it('begin with what was clustered, then what that was made from', () => {
    const found = scatterSources(clusters({ parent: 'ica' }), [nmf, ica, map, other]);
    expect(found.map(({ id }) => id)).toEqual([
      'ica bss_loadings',
      'nmf loadings',
      'umap embedding',
      'km cluster_distances',
    ]);
  });
  it('begin with the result that was named', () => {
    const found = scatterSources(clusters({ parameters: { cluster_source: 'umap' } }), [nmf, ica, map]);
    expect(found[0]).toMatchObject({ result: 'umap', columns: 2 });
  });
  it('are never of other pixels, and always there', () => {
    const found = scatterSources(clusters({ parent: 'other' }), [other]);
    expect(found.map(({ array, columns }) => [array, columns])).toEqual([['cluster_distances', 6]]);
  });
});
