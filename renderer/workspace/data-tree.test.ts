import { describe, expect, it } from 'vitest';
import type { DatasetId, DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { orphansId, treeRows, treeStep } from './data-tree.ts';

const dataset = (id: string): DatasetSummary => ({
  id: id as DatasetId,
  name: id,
  file: `/data/${id}`,
  signal: 0,
  format: 'hspy',
  title: id,
  signalType: 'EELS',
  shape: [4, 4, 8],
  dtype: 'float32',
  axes: [],
  quantity: { name: 'Intensity', units: null },
  bytes: 512,
  samples: 16,
  features: 8,
  residency: 'memory',
  missing: null,
  steps: [],
  madeOf: null,
  warnings: [],
});
const result = (id: string, of: string, parent: string | null = null): ResultRecord => ({
  id,
  kind: 'decomposition',
  operation: 'decomposition',
  name: id,
  dataset: of,
  parent,
  algorithm: 'SVD',
  parameters: {},
  seed: 0,
  version: '1',
  made: '2026-01-01T00:00:00Z',
  seconds: 1,
  scalars: {},
  arrays: {},
  notes: [],
  axes: [],
  starred: false,
});
const datasets = [dataset('map'), dataset('haadf')];
const results = [result('svd', 'map'), result('model', 'map', 'svd'), result('nmf', 'map'), result('old', 'gone')];
const shown = (closed: string[] = []) => treeRows(datasets, results, new Set(closed)).map((r) => `${r.depth} ${r.id}`);

describe('treeRows', () => {
  it('puts results under their data, derived ones under what they came from, and loses none', () => {
    expect(shown()).toEqual(['0 map', '1 svd', '2 model', '1 nmf', '0 haadf', `0 ${orphansId}`, '1 old']);
  });
  it('hides what is under a closed row', () => {
    expect(shown(['map', orphansId])).toEqual(['0 map', '0 haadf', `0 ${orphansId}`]);
  });
  it('keeps a result whose parent was deleted', () => {
    const rows = treeRows(datasets, [result('model', 'map', 'deleted')], new Set());
    expect(rows.map((r) => r.id)).toEqual(['map', 'model', 'haadf']);
  });
  it('puts prepared data under what they were made of, after its results, and alone when that is closed', () => {
    const made = (id: string, madeOf: string): DatasetSummary => ({ ...dataset(id), madeOf });
    const all = [dataset('map'), made('cut', 'map'), dataset('haadf'), made('binned', 'cut')];
    const ofCut = [result('svd', 'map'), result('nmf', 'cut')];
    const lines = (list: readonly DatasetSummary[], closed: string[] = []) =>
      treeRows(list, ofCut, new Set(closed)).map((r) => `${r.depth} ${r.id}`);
    expect(lines(all)).toEqual(['0 map', '1 svd', '1 cut', '2 nmf', '2 binned', '0 haadf']);
    expect(lines(all, ['cut'])).toEqual(['0 map', '1 svd', '1 cut', '0 haadf']);
    expect(lines(all.slice(1))).toEqual(['0 cut', '1 nmf', '1 binned', '0 haadf', `0 ${orphansId}`, '1 svd']);
    expect(treeRows(all, [], new Set()).map((r) => r.parent)).toEqual([null, 'map', 'cut', null]);
  });
});

describe('treeStep', () => {
  const rows = treeRows(datasets, results, new Set());
  it('goes up and down and stops at the ends', () => {
    expect(treeStep(rows, 'map', 'ArrowDown').focus).toBe('svd');
    expect(treeStep(rows, 'map', 'ArrowUp').focus).toBe('map');
    expect(treeStep(rows, 'map', 'End').focus).toBe('old');
    expect(treeStep(rows, null, 'ArrowDown').focus).toBe('map');
  });
  it('opens and closes sideways, then goes to child or parent', () => {
    expect(treeStep(rows, 'map', 'ArrowLeft')).toEqual({ focus: 'map', close: 'map' });
    expect(treeStep(rows, 'svd', 'ArrowRight').focus).toBe('model');
    expect(treeStep(rows, 'model', 'ArrowLeft').focus).toBe('svd');
    const closed = treeRows(datasets, results, new Set(['map']));
    expect(treeStep(closed, 'map', 'ArrowRight')).toEqual({ focus: 'map', open: 'map' });
  });
});
