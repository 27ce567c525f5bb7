import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeNpy } from '../../main/io/npy-writer.ts';
import type { ResultId } from '../../main/contract/methods.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { startTestApp, type TestApp } from './harness.ts';

const example = resolve(import.meta.dirname, '../../assets/plugins/successive-projections');

const manifest = (id: string, more: object = {}) => ({
  eigenscope: 1,
  id,
  version: '1',
  title: id,
  summary: 'A custom algorithm of the tests.',
  module: 'index.mjs',
  ...more,
});

describe('custom algorithms', () => {
  let folder: string;
  let data: string;
  let test: TestApp;
  /** rank 3: three pure spectra in the first three pixels, mixtures elsewhere */
  const [pixels, channels] = [20, 16];

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'eigenscope-plugins-')));
    data = join(folder, 'data.npy');
    const random = createRandom(5);
    const pure = Float64Array.from({ length: 3 * channels }, () => random.uniform());
    const x = new Float64Array(pixels * channels);
    for (let i = 0; i < pixels; i++) {
      const share = i < 3 ? [0, 1, 2].map((c) => (c === i ? 1 : 0)) : [0, 1, 2].map(() => random.uniform() / 3);
      for (let j = 0; j < channels; j++)
        for (let c = 0; c < 3; c++) x[i * channels + j]! += share[c]! * pure[c * channels + j]!;
    }
    await writeNpy(data, 'float64', [4, 5, channels], x, { overwrite: true });
    // one application for all: each algorithm that fails must leave it fit for the next
    test = await startTestApp();
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => test.call('project.new', {}));
  afterEach(async () => {
    for (const { folder } of (await test.call('plugins.list', {})).plugins)
      await test.call('plugins.remove', { folder });
  });

  async function plugin(id: string, code: string, more: object = {}): Promise<string> {
    const place = join(folder, id);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'plugin.json'), JSON.stringify(manifest(id, more)));
    await writeFile(join(place, 'index.mjs'), code);
    return place;
  }
  async function allow(place: string): Promise<void> {
    const { plugins } = await test.call('plugins.add', { folder: place });
    const hash = plugins.find((one) => one.folder === place)!.hash!;
    await test.call('plugins.allow', { folder: place, hash });
  }
  async function run(algorithm: string, parameters: Record<string, never | number> = {}) {
    const { opened } = await test.call('dataset.open', { path: data });
    const { job } = await test.call('job.start', {
      dataset: opened[0]!.summary.id,
      operation: 'decomposition',
      algorithm,
      parent: null,
      parameters,
      seed: 0,
      name: null,
    });
    return test.ended(job);
  }
  const values = 'const fill = (n) => new Float64Array(n).fill(1);';

  it('are unknown until they are allowed, then run like any other and describe rank-3 data by 3 spectra', async () => {
    const place = join(folder, 'example');
    await cp(example, place, { recursive: true });
    const { plugins } = await test.call('plugins.add', { folder: place });
    expect(plugins).toMatchObject([{ folder: place, state: 'new', manifest: { id: 'successive_projections' } }]);
    await expect(run('successive_projections', { output_dimension: 3 })).rejects.toMatchObject({
      code: 'unknown-algorithm',
    });
    await test.call('plugins.allow', { folder: place, hash: plugins[0]!.hash! });
    const done = await run('successive_projections', { output_dimension: 3 });
    expect(done).toMatchObject({ status: 'finished', error: null });
    const [record] = (await test.call('project.state', {})).results;
    expect(record!.scalars['captured_fraction']).toBeCloseTo(1, 9);
    expect(record!.scalars['plugin_version']).toBe('1.0.0');
    expect(record!.arrays).toMatchObject({ factors: { shape: [channels, 3] }, loadings: { shape: [pixels, 3] } });
  });

  it('ask again when a file has changed, and a hash that is not the shown one is refused', async () => {
    const place = await plugin(
      'changing',
      `${values} export const fit_transform = (X) => ({ factors: fill(X.columns), loadings: fill(X.rows) });`,
    );
    await allow(place);
    expect((await run('changing')).status).toBe('finished');
    await writeFile(join(place, 'helper.mjs'), 'export const more = 1;');
    expect((await run('changing')).error?.message).toMatch(/have changed since it was allowed/);
    const { plugins } = await test.call('plugins.list', {});
    expect(plugins.find((one) => one.folder === place)).toMatchObject({ state: 'changed' });
    await expect(test.call('plugins.allow', { folder: place, hash: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'file-changed',
    });
    await test.call('plugins.remove', { folder: place });
    await expect(run('changing')).rejects.toMatchObject({ code: 'unknown-algorithm' });
  });

  it.each([
    [
      'throws',
      'export function fit_transform() { throw new Error("singular matrix"); }',
      'fit_transform failed: singular matrix',
    ],
    ['empty', 'export const nothing = 1;', 'must export fit_transform'],
    ['syntax', 'export const = ;', 'reading the module failed'],
    [
      'short',
      `${values} export const fit_transform = (X) => ({ factors: fill(X.columns), loadings: fill(3) });`,
      'must hold 20 numbers; got 3',
    ],
    [
      'ragged',
      `${values} export const fit_transform = (X) => ({ factors: fill(X.columns + 1), loadings: fill(3) });`,
      '16 (channels) × k are needed',
    ],
    [
      'nan',
      `${values} export const fit_transform = (X) => ({ factors: fill(X.columns), loadings: fill(X.rows).fill(NaN, 4, 5) });`,
      'loadings holds NaN at position 4',
    ],
    ['leaves', 'export function fit_transform() { process.exit(3); }', 'its thread ended by itself (status 3)'],
    [
      'greedy',
      'export function fit_transform() { const kept = []; for (;;) kept.push(new Float64Array(1e6).fill(1)); }',
      'needs more than the 64 MiB',
    ],
  ])('that fail leave the application alive and say how: %s', async (id, code, sentence) => {
    await allow(await plugin(id, code, { memoryMiB: 64 }));
    const done = await run(id);
    expect(done).toMatchObject({ status: 'failed', error: { code: 'plugin-failed' } });
    expect(done.error!.message).toContain(sentence);
    expect((await test.call('project.state', {})).results).toHaveLength(0);
  });

  it('that never end are cancelled within two seconds', async () => {
    const beat = join(folder, 'beat');
    const beating = () => readFile(beat, 'utf8');
    const code = `import { writeFileSync } from 'node:fs';
      export function fit_transform() {
        for (let beat = 0; ; beat++) {
          writeFileSync(${JSON.stringify(beat)}, String(beat));
          for (const begun = Date.now(); Date.now() < begun + 20; );
        }
      }`;
    await allow(await plugin('endless', code));
    const { opened } = await test.call('dataset.open', { path: data });
    const { job } = await test.call('job.start', {
      dataset: opened[0]!.summary.id,
      operation: 'decomposition',
      algorithm: 'endless',
      parent: null,
      parameters: {},
      seed: 0,
      name: null,
    });
    await vi.waitFor(beating, { timeout: 20_000, interval: 20 });
    const asked = performance.now();
    await test.call('job.cancel', { job, keep: false });
    expect((await test.ended(job)).status).toBe('cancelled');
    expect(performance.now() - asked).toBeLessThan(2500);
    // the thread itself has ended too
    await vi.waitFor(async () => {
      const last = await beating();
      await new Promise((wait) => setTimeout(wait, 300));
      expect(await beating()).toBe(last);
    }, 4000);
  });

  it('can separate sources: what they find is applied, ordered and checked like that of any other', async () => {
    const family = { family: 'blind_source_separation' };
    const turn =
      'export const unmix = (Y, { components: k, seed }) => { const B = new Float64Array(k * k); for (let i = 0; i < k; i++) B[i * k + (k - 1 - i)] = 1; return { unmixing: B, iterations: 1 }; };';
    await allow(await plugin('reversing', turn, family));
    await allow(await plugin('too_small', 'export const unmix = () => ({ unmixing: [1] });', family));
    const { opened } = await test.call('dataset.open', { path: data });
    const dataset = opened[0]!.summary.id;
    const common = { dataset, seed: 0, name: null };
    const svd = await test.call('job.start', {
      ...common,
      operation: 'decomposition',
      algorithm: 'SVD',
      parent: null,
      parameters: { output_dimension: 3 },
    });
    const parent = (await test.ended(svd.job)).result!;
    const start = (algorithm: string) =>
      test.call('job.start', {
        ...common,
        operation: 'blind_source_separation',
        algorithm,
        parent,
        parameters: { number_of_components: 3, diff_order: 0 },
      });
    expect(await test.ended((await start('reversing')).job)).toMatchObject({ status: 'finished', error: null });
    const record = (await test.call('project.state', {})).results.at(-1)!;
    expect(record).toMatchObject({ kind: 'blind_source_separation', algorithm: 'reversing', parent });
    expect(record.arrays).toMatchObject({ unmixing_matrix: { shape: [3, 3] }, bss_loadings: { shape: [pixels, 3] } });
    const failed = await test.ended((await start('too_small')).job);
    expect(failed.error?.message).toContain('unmixing (3 × 3) must hold 9 numbers; got 1');
  });

  async function clustering(parameters: Record<string, never>, operation = 'cluster_analysis') {
    const { opened } = await test.call('dataset.open', { path: data });
    const algorithm = operation === 'cluster_analysis' ? 'kmeans' : null;
    const dataset = opened[0]!.summary.id;
    const asked = { dataset, operation, algorithm, parent: null, parameters };
    const check = await test.call('job.check', asked);
    const start = async () => test.ended((await test.call('job.start', { ...asked, seed: 0, name: null })).job);
    return { check, start };
  }
  async function labelsOf(result: string): Promise<Int32Array> {
    const { url } = await test.call('result.array', { result: result as ResultId, name: 'labels', columns: null });
    return new Int32Array((await test.app.array(url))!.bytes.slice().buffer);
  }
  const preparation = { family: 'cluster_preprocessing', memoryMiB: 64 };

  it('can prepare what is clustered: the rows are compared as they give them back, and the version is kept', async () => {
    // one column in place of sixteen: the number of the row tells the cluster
    const halves =
      'export const preprocess = (A, { parameters }) => Array.from({ length: A.rows }, (_, i) => (i < parameters.first ? 0 : 9));';
    const first = {
      kind: 'integer',
      default: 8,
      min: 1,
      max: 19,
      label: 'First',
      help: 'How many are in the first part.',
    };
    const place = await plugin('halves', halves, { ...preparation, parameters: { first } });
    const before = await clustering({ preprocessing: 'halves', n_clusters: 2 } as never);
    expect(before.check.problems[0]?.message).toMatch(
      /^preprocessing must be one of norm, standard, minmax, power; got/,
    );
    await allow(place);
    const { check, start } = await clustering({ preprocessing: 'halves', halves_first: 5, n_clusters: 2 } as never);
    expect(check.problems).toEqual([]);
    expect(check.bytes).toBeGreaterThan(64 * 2 ** 20);
    expect(await start()).toMatchObject({ status: 'finished', error: null });
    const record = (await test.call('project.state', {})).results.at(-1)!;
    expect(record.scalars).toMatchObject({ n_clusters: 2, inertia: 0, preprocessing_version: '1' });
    expect(record.arrays['cluster_centroids']).toMatchObject({ shape: [2, 1] });
    // the signals are those of the data
    expect(record.arrays['cluster_sum_signals']).toMatchObject({ shape: [2, channels] });
    const labels = await labelsOf(record.id);
    expect(Array.from(labels)).toEqual(Array.from({ length: pixels }, (_, i) => (i < 5 ? 1 : 0)));
    const bad = await clustering({ preprocessing: 'halves', halves_first: 99, n_clusters: 2 } as never);
    expect(bad.check.problems).toMatchObject([{ param: 'halves_first' }]);
    // what compares numbers of clusters takes it too
    const counts = { metric: 'calinski_harabasz', preprocessing: 'halves', halves_first: 5, max_clusters: 2 };
    const compared = await clustering(counts as never, 'estimate_number_of_clusters');
    expect(await compared.start()).toMatchObject({ status: 'finished', error: null });
    await test.call('plugins.remove', { folder: place });
    const after = await clustering({ preprocessing: 'halves', n_clusters: 2 } as never);
    expect(after.check.problems).toHaveLength(1);
  });

  it('that prepare by log-ratios put pixels of the same composition together, however thick they are', async () => {
    const place = join(folder, 'log-ratio');
    await cp(resolve(example, '../centred-log-ratio'), place, { recursive: true });
    await allow(place);
    const before = data;
    data = join(folder, 'compositions.npy');
    try {
      const rows = [[4, 1, 1], [40, 10, 10], [1, 1, 4], [8, 2, 2], [30, 30, 120], [3, 3, 12]]; // prettier-ignore
      await writeNpy(data, 'float64', [6, 3], Float64Array.from(rows.flat()), { overwrite: true });
      const { start } = await clustering({
        preprocessing: 'centred_log_ratio',
        centred_log_ratio_offset: 1e-9,
        n_clusters: 2,
      } as never);
      expect(await start()).toMatchObject({ status: 'finished', error: null });
      const record = (await test.call('project.state', {})).results.at(-1)!;
      const [a, b, c, d, e, f] = await labelsOf(record.id);
      expect([b, d]).toEqual([a, a]);
      expect([e, f]).toEqual([c, c]);
      expect(a).not.toBe(c);
      expect(record.scalars['inertia']).toBeCloseTo(0, 12);
    } finally {
      data = before;
    }
  });

  it.each([
    ['no_function', 'export const transform = 1;', 'must export preprocess(A, context)'],
    [
      'throwing',
      'export const preprocess = () => { throw new Error("no logarithm"); };',
      'preprocess failed: no logarithm',
    ],
    [
      'ragged_rows',
      'export const preprocess = (A) => new Float64Array(A.rows * 2 + 1);',
      '41 numbers; 20 (pixels) × any',
    ],
    ['no_rows', 'export const preprocess = () => [];', 'gave back 0 numbers; 20 (pixels)'],
    ['nothing_back', 'export const preprocess = () => undefined;', 'must be a Float64Array or a list of numbers'],
    ['nan_rows', 'export const preprocess = (A) => A.toArray().fill(NaN, 7, 8);', 'holds NaN at position 7'],
    ['infinite', 'export const preprocess = (A) => A.toArray().fill(Infinity, 0, 1);', 'holds Infinity at position 0'],
    [
      'greedy_rows',
      'export function preprocess() { const kept = []; for (;;) kept.push(new Float64Array(1e6).fill(1)); }',
      'needs more than the 64 MiB',
    ],
  ])('that prepare wrongly fail with what was found and what is needed: %s', async (id, code, sentence) => {
    await allow(await plugin(id, code, preparation));
    const { start } = await clustering({ preprocessing: id, n_clusters: 2 } as never);
    const done = await start();
    expect(done).toMatchObject({ status: 'failed', error: { code: 'plugin-failed' } });
    expect(done.error!.message).toContain(sentence);
    expect((await test.call('project.state', {})).results).toHaveLength(0);
  });

  it('in a folder with links, without plugin.json, or under the name of one of ours are refused', async () => {
    const linked = await plugin('linked', values);
    await symlink('/etc/hostname', join(linked, 'other'));
    await expect(test.call('plugins.add', { folder: linked })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(test.call('plugins.add', { folder: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'not-found',
    });
    const none = join(folder, 'none');
    await mkdir(none, { recursive: true });
    await expect(test.call('plugins.add', { folder: none })).rejects.toMatchObject({ code: 'not-found' });
    const { plugins } = await test.call('plugins.add', { folder: await plugin('SVD', values) });
    expect(plugins.at(-1)).toMatchObject({
      state: 'broken',
      problem: expect.stringContaining('SVD already') as string,
    });
  });
});
