import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../main/contract/recipe.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { createPool } from '../../main/services/pool.ts';
import { runRecipe } from '../../main/services/recipe-runner.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { readNpy } from '../golden/npy.ts';
import { startTestApp, testPlatform, type TestApp } from './harness.ts';

describe('the recipe of a session', () => {
  let files: string;
  let test: TestApp;

  beforeEach(async () => {
    files = await mkdtemp(join(tmpdir(), 'eigenscope-recipe-'));
    const random = createRandom(1);
    const data = Float32Array.from({ length: 8 * 9 * 40 }, (_, i) => random.integer(20) + (i % 40 === 3 ? 30 : 0));
    await writeNpy(join(files, 'map.npy'), 'float32', [8, 9, 40], data, { overwrite: true });
    test = await startTestApp(join(files, 'app'));
  });
  afterEach(async () => {
    await test.close();
    await rm(files, { recursive: true, force: true });
  });

  const run = async (dataset: string, operation: string, more: object = {}) => {
    const { job } = await test.call('job.start', {
      dataset: dataset as never,
      operation,
      algorithm: null,
      parent: null,
      parameters: {},
      seed: 7,
      name: null,
      ...more,
    });
    const ended = await test.ended(job);
    expect(ended.error).toBeNull();
    return ended.result!;
  };

  it('makes the same data and results again: calibration, steps, masks, results of results', async () => {
    const { id } = (await test.call('dataset.open', { path: join(files, 'map.npy') })).opened[0]!.summary;
    await test.call('dataset.axes', {
      dataset: id,
      axes: [
        { name: 'y', units: 'nm', scale: 2, offset: 0 },
        { name: 'x', units: 'nm', scale: 2, offset: 0 },
        { name: 'Energy', units: 'eV', scale: 5, offset: 100 },
      ],
    });
    const prepare = async (dataset: string, operation: string, parameters: object, name: string) =>
      (
        await test.call('prepare.apply', {
          dataset: dataset as never,
          operation,
          parameters: parameters as never,
          name,
        })
      ).opened.summary.id;
    const cut = await prepare(id, 'crop', { axis: 'Energy', start: 110, end: 250 }, 'Low losses');
    const fine = await prepare(cut, 'smooth', { window_length: 7 }, 'Smooth');
    await prepare(cut, 'rebin', { scale: [2, 3, 1] }, 'Bins');
    const state = await test.call('dataset.mask', {
      dataset: fine,
      runs: [0, 5, 20, 22],
      name: 'By hand',
      parent: null,
    });
    const mask = state.results.at(-1)!.id;
    const parameters = { output_dimension: 3, navigation_mask: mask };
    const svd = await run(fine, 'decomposition', { algorithm: 'SVD', parameters });
    await run(fine, 'cluster_analysis', {
      algorithm: 'kmeans',
      parent: svd,
      parameters: { cluster_source: 'decomposition', n_clusters: 2 },
    });

    const { text } = await test.call('result.methods', { result: svd });
    expect(text).toMatch(
      /^Before the analysis the data were prepared in 2 steps: Crop or slice \(axis = Energy, start = 110, end = 250\); Smooth \(window_length = 7\)\. The /,
    );
    const path = join(files, 'again.json');
    const { written, notes } = await test.call('project.recipe', { path, overwrite: false });
    expect(notes).toEqual([]);
    expect(written).toEqual([path, join(files, 'again-By-hand.npy')]);
    const recipe = parseRecipe(JSON.parse(await readFile(path, 'utf8')));
    expect(recipe.inputs).toMatchObject({ map: { file: 'map.npy' }, 'By-hand': { file: 'again-By-hand.npy' } });
    // the crop is made once, though two data sets come of it
    expect(recipe.steps.map((step) => step.do)).toEqual([
      'set_axis',
      'set_axis',
      'set_axis',
      'crop',
      'smooth',
      'rebin',
      'decomposition',
      'cluster_analysis',
    ]);
    expect(recipe.seed).toBe(7);

    const out = join(files, 'out');
    const platform = testPlatform(join(files, 'data'), { host: 'cli' });
    const pool = createPool(platform);
    try {
      await runRecipe(recipe, platform, pool, {
        base: files,
        out,
        seed: recipe.seed,
        force: false,
        plugins: { find: () => Promise.resolve(null) },
        onStage: () => {},
        onWritten: () => {},
        onControl: () => {},
      });
    } finally {
      await pool.close();
    }
    const results = (await test.call('project.state', {})).results;
    for (const [i, name] of [
      [1, 'loadings'],
      [2, 'labels'],
    ] as const) {
      const record = results[i]!;
      const ref = await test.call('result.array', { result: record.id as never, name, columns: null });
      const kept = (await test.app.array(ref.url))!.bytes;
      const step = recipe.steps.at(i - 3)!;
      const again = readNpy(join(out, step.id, `${name}.npy`));
      expect(Buffer.compare(Buffer.from(kept), Buffer.from(again.bytes))).toBe(0);
    }
  });

  it('says what can be no part of it', async () => {
    const { id } = (await test.call('dataset.open', { path: join(files, 'map.npy') })).opened[0]!.summary;
    await run(id, 'decomposition', { algorithm: 'SVD', parameters: {} });
    await test.call('dataset.close', { dataset: id });
    const { notes } = await test.call('project.recipe', { path: join(files, 'r.json'), overwrite: false });
    expect(notes).toEqual([expect.stringMatching(/data that are no longer in the session/)]);
  });

  it('holds what results were made with though it is in the bin or closed', async () => {
    const open = async (name: string, shape: number[], values: Uint8Array) => {
      await writeNpy(join(files, name), 'bool', shape, values, { overwrite: true });
      return (await test.call('dataset.open', { path: join(files, name) })).opened[0]!.summary.id;
    };
    const { id } = (await test.call('dataset.open', { path: join(files, 'map.npy') })).opened[0]!.summary;
    const edges = await open(
      'edges.npy',
      [40],
      Uint8Array.from({ length: 40 }, (_, i) => (i < 4 ? 1 : 0)),
    );
    const found = await run(id, 'threshold_mask', { name: 'vacuum' });
    await run(id, 'decomposition', { algorithm: 'SVD', name: 'pixels', parameters: { navigation_mask: found } });
    await run(id, 'decomposition', { algorithm: 'SVD', name: 'channels', parameters: { signal_mask: edges } });
    await test.call('result.delete', { result: found as never });
    await test.call('dataset.close', { dataset: edges });
    const path = join(files, 'r.json');
    const { notes } = await test.call('project.recipe', { path, overwrite: false });
    expect(notes).toEqual([]);
    expect(parseRecipe(JSON.parse(await readFile(path, 'utf8'))).steps).toMatchObject([
      { id: 'vacuum', do: 'threshold_mask' },
      { id: 'pixels', parameters: { navigation_mask: 'vacuum' } },
      { id: 'channels', parameters: { signal_mask: 'edges' } },
    ]);
  });
});
