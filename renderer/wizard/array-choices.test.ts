import { describe, expect, it } from 'vitest';
import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { algorithmById } from '../../workers/specs/registry.ts';
import type { Param } from '../../workers/specs/param.ts';
import { choicesFor } from './array-choices.ts';

const axis = (size: number, navigate: boolean): Axis => ({
  name: '',
  size,
  navigate,
  units: null,
  scale: 1,
  offset: 0,
});
const data = (id: string, navigation: number[], signal: number[]) =>
  ({
    id,
    name: id,
    shape: [...navigation, ...signal],
    axes: [...navigation.map((n) => axis(n, true)), ...signal.map((n) => axis(n, false))],
    dtype: 'float32',
  }) as unknown as DatasetSummary;
const map = data('map', [4, 5], [60]);
const datasets = [map, data('pixels', [], [4, 5]), data('channels', [], [60]), data('spectra', [3], [60])];
const results = [
  { id: 'svd', name: 'SVD', dataset: 'map', arrays: { loadings: { dtype: 'float64', shape: [20, 3] } } },
  { id: 'elsewhere', name: 'x', dataset: 'far', arrays: { loadings: { dtype: 'float64', shape: [20, 3] } } },
  { id: 'count', name: 'n', dataset: 'map', arrays: {} },
] as unknown as ResultRecord[];

const offered = (algorithm: string, id: string, values: Record<string, unknown> = {}): string[] => {
  const param = algorithmById(algorithm)?.params[id] as Param & { kind: 'input' };
  return choicesFor(id, param, values, map, datasets, results).map((choice) => choice.id);
};

describe('the inputs of a separation', () => {
  it('are masks over the channels, or over the pixels when maps are separated', () => {
    expect(offered('sklearn_fastica', 'mask')).toEqual(['channels']);
    expect(offered('sklearn_fastica', 'mask', { on_loadings: true })).toEqual(['pixels']);
  });
  it('are spectra one after another for factors of another origin', () => {
    expect(offered('sklearn_fastica', 'factors')).toEqual(['spectra']);
  });
});

describe('the inputs of a cluster analysis', () => {
  it('are data and results of the same area where values per pixel are asked for', () => {
    expect(offered('kmeans', 'source_for_centers')).toEqual(['pixels', 'svd']);
    expect(offered('kmeans', 'navigation_mask')).toEqual(['pixels']);
  });
});
