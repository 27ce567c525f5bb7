import { describe, expect, it } from 'vitest';
import type { Axis } from '../../workers/model/axes.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { algorithmById } from '../../workers/specs/registry.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { defaultOrigin, originChoices, originFor } from './origins.ts';

const axis = (name: string, size: number, navigate: boolean): Axis => ({
  name,
  size,
  navigate,
  units: null,
  scale: 1,
  offset: 0,
});
const map = {
  id: 'd1',
  name: 'map',
  shape: [4, 5, 60],
  axes: [axis('y', 4, true), axis('x', 5, true), axis('E', 60, false)],
};
const image = { id: 'd2', name: 'haadf', shape: [4, 5], axes: [axis('y', 4, false), axis('x', 5, false)] };
const other = { id: 'd3', name: 'elsewhere', shape: [9, 9], axes: [axis('y', 9, false), axis('x', 9, false)] };

const array = (...shape: number[]): ResultRecord['arrays'][string] => ({ dtype: 'float64', shape });
const result = (
  id: string,
  kind: ResultRecord['kind'],
  arrays: ResultRecord['arrays'],
  parent: string | null = null,
): Pick<ResultRecord, 'id' | 'name' | 'kind' | 'operation' | 'dataset' | 'arrays' | 'parent'> => ({
  id,
  name: id.toUpperCase(),
  kind,
  operation: kind,
  dataset: 'd1',
  arrays,
  parent,
});
const results = [
  result('svd', 'decomposition', { factors: array(60, 8), loadings: array(20, 8), explained_variance_ratio: array(8) }),
  result('nmf', 'decomposition', { factors: array(60, 3), loadings: array(20, 3) }),
  result('ica', 'blind_source_separation', { bss_factors: array(60, 3), bss_loadings: array(20, 3) }, 'svd'),
  result('groups', 'cluster_analysis', { labels: array(20) }, 'ica'),
  { ...result('far', 'decomposition', { loadings: array(81, 4) }), dataset: 'd3' },
];
const spec = (id: string): AlgorithmSpec => algorithmById(id) as AlgorithmSpec;
const choices = (id: string) => originChoices(spec(id), map, [map, image, other], results);

describe('what a run can be computed from', () => {
  it('is the data alone for a decomposition, without a word about values', () => {
    expect(choices('SVD').map(({ id, parent, source }) => [id, parent, source])).toEqual([['d1', null, null]]);
  });
  it('is a decomposition of the same data for a separation, newest first, with the number of its components', () => {
    expect(
      choices('sklearn_fastica').map(({ id, parent, source, components }) => [id, parent, source, components]),
    ).toEqual([
      ['nmf', 'nmf', null, 3],
      ['svd', 'svd', null, 8],
    ]);
  });
  it('is spectra, loadings, separated loadings or another image of the area for a cluster analysis', () => {
    expect(choices('kmeans').map(({ id, parent, source }) => [id, parent, source])).toEqual([
      ['d1', null, 'signal'],
      ['nmf', 'nmf', 'decomposition'],
      ['svd', 'svd', 'decomposition'],
      ['ica', 'ica', 'bss'],
      ['d2', null, 'd2'],
    ]);
  });
  it('is also a fit of peaks, with the number of peaks that can be chosen from', () => {
    const maps = result('fit', 'estimate', { parameter_maps: array(20, 6) });
    const known = [{ ...maps, operation: 'fit_peaks' }, result('svd', 'decomposition', { loadings: array(20, 8) })];
    expect(
      originChoices(spec('kmeans'), map, [map], known).map(({ id, source, components, peaks }) => [
        ...[id, source, components, peaks],
      ]),
    ).toEqual([
      ['d1', 'signal', 0, 0],
      ['svd', 'decomposition', 8, 0],
      ['fit', 'fit', 0, 2],
    ]);
  });
  it('leads from a result to the nearest one that can be worked on', () => {
    expect(originFor(choices('sklearn_fastica'), results, 'groups')?.id).toBe('svd');
    expect(originFor(choices('kmeans'), results, 'groups')?.id).toBe('ica');
    expect(originFor(choices('sklearn_fastica'), results, 'gone')).toBeNull();
    expect(originFor(choices('sklearn_fastica'), results, null)).toBeNull();
  });
  it('begins with components in an order rather than with those without one, and with these rather than spectra', () => {
    expect(defaultOrigin(choices('sklearn_fastica'))?.id).toBe('svd');
    const unordered = originChoices(spec('kmeans'), map, [map], [results[1]!]);
    expect(defaultOrigin(unordered)?.id).toBe('nmf');
    expect(defaultOrigin(originChoices(spec('kmeans'), map, [map], []))?.id).toBe('d1');
    expect(defaultOrigin([])).toBeNull();
  });
});
