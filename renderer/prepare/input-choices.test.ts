import { describe, expect, it } from 'vitest';
import type { DatasetId, DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { stepChoices } from './input-choices.ts';
import { stepOf } from './step-groups.ts';

const axis = (name: string, size: number, navigate: boolean): Axis => ({
  name,
  units: null,
  size,
  navigate,
  scale: 1,
  offset: 0,
});
const data = (id: string, axes: Axis[], change: Partial<DatasetSummary> = {}): DatasetSummary => ({
  id: id as DatasetId,
  name: id,
  file: `/data/${id}`,
  signal: 0,
  format: 'hspy',
  title: id,
  signalType: '',
  shape: axes.map(({ size }) => size),
  dtype: 'float32',
  axes,
  quantity: { name: 'Intensity', units: null },
  bytes: 0,
  samples: 1,
  features: 1,
  residency: 'memory',
  missing: null,
  steps: [],
  madeOf: null,
  warnings: [],
  ...change,
});
const mask = (id: string, dataset: string, shape: number[]): ResultRecord => ({
  id,
  kind: 'mask',
  operation: 'navigation_mask',
  name: id,
  dataset,
  parent: null,
  algorithm: null,
  parameters: {},
  seed: 0,
  version: '1',
  made: '2026-01-01T00:00:00Z',
  seconds: 0,
  scalars: {},
  arrays: { navigation_mask: { dtype: 'bool', shape } },
  notes: [],
  axes: shape.map((size, i) => axis(`n${i}`, size, true)),
  starred: false,
});
const [y, x, energy] = [axis('y', 4, true), axis('x', 5, true), axis('E', 9, false)];
const map = data('map', [y, x, energy]);
const others = [
  map,
  data('map 2', [y, x, energy]),
  data('wide', [y, axis('x', 7, true), energy]),
  data('white', [energy]),
  data('flag', [y, x], { dtype: 'bool' }),
  data('gone', [y, x, energy], { missing: 'moved' }),
];
const results = [mask('old', 'map', [4, 5]), mask('new', 'map', [4, 5]), mask('other', 'wide', [4, 7])];
const ids = (step: string, param: string): string[] =>
  (stepChoices(stepOf(step)!, map, others, results)[param] ?? []).map(({ id }) => id);

describe('stepChoices', () => {
  it('offers masks and data of the size of the map, the newest mask of these data first', () => {
    expect(ids('select_pixels', 'mask')).toEqual(['new', 'old', 'flag']);
  });
  it('offers other data with as many axes to join, never the data themselves or what cannot be read', () => {
    expect(ids('merge', 'others')).toEqual(['map 2', 'wide']);
    expect(ids('stack', 'others')).toEqual(['map 2', 'wide']);
  });
  it('does not repeat the name of the data in what was made of them', () => {
    const made = data('map, derivative', [y, x, energy]);
    expect(stepChoices(stepOf('stack')!, map, [map, made], [])['others']).toEqual([
      { id: made.id, name: 'Derivative' },
    ]);
  });
  it('offers references with the same channels, a single spectrum included', () => {
    expect(ids('reflectance', 'white')).toEqual(['map 2', 'wide', 'white']);
  });
  it('offers the axes of the data', () => {
    expect(ids('crop', 'axis')).toEqual(['y', 'x', 'E']);
    expect(ids('smooth', 'axis')).toEqual(['E']);
  });
});
