import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeNpy } from '../../main/io/npy-writer.ts';
import type { DatasetId, ResultId } from '../../main/contract/methods.ts';
import { startTestApp, type TestApp } from './harness.ts';

/** 4 × 5 pixels of 6 channels: two plain kinds of pixels, the second in the last two rows. */
const valueAt = (pixel: number, channel: number): number =>
  (pixel < 10 ? 10 : 40) + channel + 0.25 * ((pixel * 7 + channel * 3) % 5);

describe('pixels that were selected', () => {
  let folder: string;
  let test: TestApp;
  let dataset: DatasetId;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-pixels-'));
    const data = Float32Array.from({ length: 120 }, (_, i) => valueAt(Math.floor(i / 6), i % 6));
    await writeNpy(join(folder, 'two.npy'), 'float32', [4, 5, 6], data, { overwrite: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    test = await startTestApp();
    const [opened] = (await test.call('dataset.open', { path: join(folder, 'two.npy') })).opened;
    dataset = opened!.summary.id;
  });
  afterEach(() => test.close());

  const numbers = async (url: string): Promise<number[]> => [
    ...new Float64Array((await test.app.array(url))!.bytes.slice().buffer),
  ];
  const run = async (operation: string, algorithm: string, parameters: Record<string, string | number>) => {
    const base = { dataset, operation, algorithm, parent: null, seed: 0, name: null };
    const { job } = await test.call('job.start', { ...base, parameters });
    const state = await test.ended(job);
    expect(state.error).toBeNull();
    return state.result!;
  };

  it('have a mean and a standard deviation', async () => {
    const { mean, spread } = await test.call('dataset.pixels', { dataset, runs: [1, 3, 12, 13] });
    const pixels = [1, 2, 12];
    for (const channel of [0, 5]) {
      const values = pixels.map((pixel) => valueAt(pixel, channel));
      const middle = values.reduce((a, b) => a + b) / 3;
      const variance = values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / 2;
      expect((await numbers(mean.url))[channel]).toBeCloseTo(middle, 10);
      expect((await numbers(spread.url))[channel]).toBeCloseTo(Math.sqrt(variance), 10);
    }
  });

  it('that do not exist are refused with the numbers', async () => {
    await expect(test.call('dataset.pixels', { dataset, runs: [0, 21] })).rejects.toThrow(/within 0 to 20; got 0, 21/);
    await expect(test.call('dataset.pixels', { dataset, runs: [4, 2] })).rejects.toThrow(/rising/);
    const all = { dataset, runs: [0, 20], name: 'all', parent: null };
    await expect(test.call('dataset.mask', all)).rejects.toThrow(/all 20 pixels/);
  });

  it('become a mask that a run takes, that is undone and comes back', async () => {
    const made = await test.call('dataset.mask', { dataset, runs: [10, 20], name: 'Without rows', parent: null });
    const mask = made.results[0]!;
    expect(mask).toMatchObject({ kind: 'mask', name: 'Without rows', scalars: { masked_pixels: 10 } });
    const result = await run('decomposition', 'SVD', { output_dimension: 2, navigation_mask: mask.id });
    const { scalars } = (await test.call('project.state', {})).results.find(({ id }) => id === result)!;
    expect(scalars['masked_pixels']).toBe(10);
    const ref = await test.call('result.array', { result, name: 'loadings', columns: [0, 1] });
    const loadings = await numbers(ref.url);
    expect(loadings.slice(0, 10).every(Number.isFinite)).toBe(true);
    expect(loadings.slice(10).every(Number.isNaN)).toBe(true);
    expect((await test.call('result.methods', { result: mask.id as ResultId })).text).toMatch(/10 of 20 pixels/);
    await test.call('project.undo', {});
    expect((await test.call('project.undo', {})).results).toHaveLength(0);
    expect((await test.call('project.redo', {})).results.map(({ name }) => name)).toEqual(['Without rows']);
  });

  it('become a data set with its mask in one step, which is undone, redone, and survives a restart', async () => {
    const asked = { dataset, runs: [10, 20], name: 'two, bright', mask: 'Keep bright', parent: null };
    const { summary, spectrum } = (await test.call('prepare.pixels', asked)).opened;
    expect(summary).toMatchObject({ name: 'two, bright', shape: [10, 6], madeOf: dataset });
    const mean = Array.from({ length: 10 }, (_, i) => valueAt(i, 2)).reduce((a, b) => a + b) / 10;
    expect((await numbers(spectrum.url))[2]).toBeCloseTo(mean, 9);
    const names = ({ datasets, results, bin, history }: Awaited<ReturnType<typeof undo>>) => ({
      data: datasets.map(({ name, missing }) => [name, missing]),
      results: results.map(({ name }) => name),
      bin: bin.map(({ record }) => record.name),
      history: history.length,
    });
    const undo = () => test.call('project.undo', {});
    const before = { data: [['two', null]], results: [], bin: ['Keep bright'], history: 1 };
    const after = {
      data: [
        ['two', null],
        ['two, bright', null],
      ],
      results: ['Keep bright'],
      bin: [],
      history: 2,
    };
    const made = await test.call('project.state', {});
    expect(names(made)).toEqual(after);
    expect(made.undo).toBe('Keep the pixels of a mask: two, bright');
    expect(made.results[0]!.id).toBe(summary.steps[0]!.values['mask']);
    expect(names(await undo())).toEqual(before);
    expect(names(await test.call('project.redo', {}))).toEqual(after);
    expect(names(await undo())).toEqual(before);
    expect(names(await test.call('project.redo', {}))).toEqual(after);
    const mask = await test.call('result.array', {
      result: made.results[0]!.id as ResultId,
      name: 'navigation_mask',
      columns: null,
    });
    expect([...(await test.app.array(mask.url))!.bytes]).toEqual(Array.from({ length: 20 }, (_, i) => Number(i >= 10)));
    const path = join(folder, 'kept.eigs');
    await test.call('project.save', { path, overwrite: true });
    expect(names(await test.call('project.open', { path }))).toEqual(after);
    expect(names(await undo())).toEqual(before);
  });

  it('that are no pixels make neither data nor mask', async () => {
    const asked = { dataset, runs: [0, 20], name: 'none', mask: 'none', parent: null };
    await expect(test.call('prepare.pixels', asked)).rejects.toThrow(/all 20 pixels/);
    expect(await test.call('project.state', {})).toMatchObject({ results: [], datasets: [{ name: 'two' }] });
  });

  it('of clusters keep the names, colours and merging that a person gave them', async () => {
    const result = await run('cluster_analysis', 'kmeans', { n_clusters: 2, cluster_source: 'signal' });
    const display = { names: ['dark', null], colours: [null, 5], shownAs: [0, 1] };
    const named = await test.call('result.display', { result, display, what: 'Rename Cluster 1' });
    expect(named.results[0]!.display).toEqual(display);
    expect(named.undo).toMatch(/^Rename Cluster 1 of /);
    const wrong = { ...display, names: ['dark'] };
    await expect(test.call('result.display', { result, display: wrong, what: 'Rename' })).rejects.toThrow(/2 clusters/);
    expect((await test.call('project.undo', {})).results[0]!.display).toBeUndefined();
  });
});
