import { copyFile, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { startTestApp, testPlatform, type TestApp } from './harness.ts';

/** Random counts [rows × columns × channels]. */
async function writeCounts(path: string, shape: readonly [number, number, number]): Promise<void> {
  const random = createRandom(1);
  const data = Float32Array.from(
    { length: shape[0] * shape[1] * shape[2] },
    (_, i) => random.integer(20) + (i % shape[2] === 3 ? 40 : 0),
  );
  await writeNpy(path, 'float32', shape, data, { overwrite: true });
}

const noParameters = { parameters: {}, parent: null, seed: 0, name: null } as const;

describe('the application without a host', () => {
  let files: string;
  let small: string;
  let large: string;
  let test: TestApp;

  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), 'eigenscope-files-'));
    small = join(files, 'small.npy');
    large = join(files, 'large.npy');
    await writeCounts(small, [12, 10, 32]);
    await writeCounts(large, [96, 96, 768]);
  });
  afterAll(() => rm(files, { recursive: true, force: true }));
  beforeEach(async () => {
    test = await startTestApp();
  });
  afterEach(() => test.close());

  const open = async (path: string) => (await test.call('dataset.open', { path })).opened[0]!;

  const decompose = async (dataset: string, parameters: Record<string, never | number | boolean | string> = {}) => {
    const { job } = await test.call('job.start', {
      ...noParameters,
      dataset: dataset as never,
      operation: 'decomposition',
      algorithm: 'SVD',
      parameters,
    });
    return test.ended(job);
  };

  const arrayOf = async (url: string) => {
    const array = await test.app.array(url);
    return { ...array!, values: new Float64Array(array!.bytes.slice().buffer) };
  };

  it('opens a file in one trip with its image and mean spectrum', async () => {
    const { summary, image, spectrum } = await open(small);
    expect(summary).toMatchObject({
      name: 'small',
      shape: [12, 10, 32],
      samples: 120,
      features: 32,
      residency: 'memory',
    });
    expect(image).toMatchObject({ shape: [12, 10], preview: false });
    const sums = await arrayOf(image.url);
    const means = await arrayOf(spectrum.url);
    expect(means.values.reduce((a, b) => a + b) * 120).toBeCloseTo(
      sums.values.reduce((a, b) => a + b),
      6,
    );
  });

  it('serves the spectrum under the cursor and the mean of a box', async () => {
    const { summary } = await open(small);
    const at = await test.app.array(`live/${summary.id}/spectrum?at=3,4`);
    const box = await arrayOf(`live/${summary.id}/spectrum?box=3,4,4,5&reduce=mean`);
    expect(at!.dtype).toBe('float32');
    expect([...box.values]).toEqual([...new Float32Array(at!.bytes.slice().buffer)]);
    await expect(test.app.array(`live/${summary.id}/spectrum?at=99,0`)).rejects.toThrow(/within 12 × 10/);
  });

  it('runs a decomposition, keeps it, renames and deletes it with undo, over a restart', async () => {
    const { summary } = await open(small);
    const state = await decompose(summary.id, { output_dimension: 4 });
    expect(state).toMatchObject({ status: 'finished', fraction: 1 });
    const result = state.result!;
    const loadings = await test.call('result.array', { result, name: 'loadings', columns: [0, 2] });
    expect(loadings.shape).toEqual([120, 2]);
    const left = await test.call('result.residual', { result, components: 4 });
    const { scalars } = (await test.call('project.state', {})).results[0]!;
    expect(left.relativeError ** 2).toBeCloseTo(1 - Number(scalars['captured_fraction']), 12);
    expect(left.map.shape).toEqual([12, 10]);
    expect(left.spectrum.shape).toEqual([32]);
    await test.call('result.rename', { result, name: 'four' });
    expect((await test.call('result.delete', { result })).results).toHaveLength(0);
    expect((await test.call('project.undo', {})).results.map((r) => r.name)).toEqual(['four']);
    const methods = await test.call('result.methods', { result });
    expect(methods.text).toMatch(/12 × 10 pixels.*32 channels.*output_dimension = 4.*Eigenscope/s);

    const saved = join(files, 'kept.eigenproject');
    await test.call('project.save', { path: saved, overwrite: false });
    const again = await startTestApp(join(files, 'other'));
    // The first window still holds the project.
    const readOnly = await again.call('project.open', { path: saved });
    expect(readOnly.readOnly).toMatch(/open in another window/);
    await expect(again.call('result.rename', { result, name: 'x' })).rejects.toMatchObject({ code: 'locked' });
    await again.close();
    await test.app.shutdown();
    const third = await startTestApp(join(files, 'third'));
    const reopened = await third.call('project.open', { path: saved });
    expect(reopened).toMatchObject({ readOnly: null, results: [{ name: 'four' }], datasets: [{ missing: null }] });
    expect((await third.call('result.array', { result, name: 'factors', columns: null })).shape).toEqual([32, 4]);
    await third.close();
  });

  it('mails a project as one file that opens elsewhere', async () => {
    const { summary } = await open(small);
    await decompose(summary.id, { output_dimension: 3 });
    const path = join(files, 'mail.eigs');
    await test.call('project.save', { path, overwrite: true });
    const other = await startTestApp();
    const state = await other.call('project.open', { path });
    expect(state.results).toHaveLength(1);
    expect(state.name).toBe('mail');
    await other.close();
  });

  it('gives a killed process its work back', async () => {
    const { summary } = await open(small);
    await decompose(summary.id, { output_dimension: 2 });
    // As after a crash: the folder is left locked by a process that has ended, and nothing was closed.
    const projects = join(test.folder, 'data', 'projects');
    const [folder] = await readdir(projects);
    const { hostname } = await import('node:os');
    await writeFile(
      join(projects, folder!, '.lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: '' }),
    );
    const next = await startTestApp(test.folder);
    const state = await next.call('project.state', {});
    expect(state.results).toHaveLength(1);
    expect(state.recovered).toMatch(/2 changes of the last session recovered/);
    await next.app.shutdown();
  });

  it('frees the threads within two seconds of a cancel, at any point of a run', { timeout: 60_000 }, async () => {
    const { summary } = await open(large);
    let cancelled = 0;
    for (const wait of [0, 50, 150, 400, 800]) {
      const { job } = await test.call('job.start', {
        ...noParameters,
        dataset: summary.id,
        operation: 'decomposition',
        algorithm: 'SVD',
        parameters: { svd_solver: 'full' } as never,
      });
      await new Promise((resolve) => setTimeout(resolve, wait));
      const asked = performance.now();
      await test.call('job.cancel', { job, keep: false }).catch(() => {});
      const state = await test.ended(job);
      expect(performance.now() - asked, `asked after ${wait} ms`).toBeLessThan(2000);
      // A fast machine may have been done before it was asked.
      if (state.status === 'cancelled') {
        cancelled++;
        expect(state.result).toBeNull();
      }
      // The threads take new work at once.
      expect((await decompose(summary.id, { output_dimension: 1, svd_solver: 'gram' })).status).toBe('finished');
    }
    expect(cancelled).toBeGreaterThanOrEqual(2);
    expect((await test.call('project.state', {})).results).toHaveLength(10 - cancelled);
  });

  it('survives a thread that is killed, says so, and goes on with the next job', async () => {
    await test.close();
    const entry = testPlatform(files).workerFile;
    const dying = join(files, 'dying-worker.mjs');
    const flag = join(files, 'die');
    await writeFile(
      dying,
      `export * from ${JSON.stringify(entry)};
       import { existsSync } from 'node:fs';
       import { lead as realLead, part as realPart } from ${JSON.stringify(entry)};
       const unlessKilled = (work) => (task) => (existsSync(${JSON.stringify(flag)}) ? process.exit(1) : work(task));
       export const lead = unlessKilled(realLead);
       export const part = unlessKilled(realPart);`,
    );
    test = await startTestApp(undefined, { workerFile: dying });
    const { summary } = await open(small);
    await writeFile(flag, '');
    const lost = await decompose(summary.id, { output_dimension: 2 });
    expect(lost).toMatchObject({ status: 'failed', error: { code: 'worker-lost' } });
    expect(lost.error?.message).toMatch(/ended unexpectedly.*try again/s);
    await rm(flag);
    expect((await decompose(summary.id, { output_dimension: 2 })).status).toBe('finished');
    expect((await test.call('project.state', {})).results).toHaveLength(1);
  });

  it('refuses what cannot run before it starts, naming parameter, value and bound', async () => {
    const { summary } = await open(small);
    const asked = { dataset: summary.id, operation: 'decomposition', algorithm: 'SVD', parent: null } as const;
    const check = await test.call('job.check', { ...asked, parameters: { output_dimension: 33 } as never });
    expect(check.problems[0]).toMatchObject({
      param: 'output_dimension',
      message: expect.stringMatching(/1 to 32.*got 33/) as string,
    });
    expect(check.limits['output_dimension']).toMatchObject({ min: 1, max: 32 });
    await expect(
      test.call('job.start', { ...asked, parameters: { output_dimension: 33 } as never, seed: 0, name: null }),
    ).rejects.toMatchObject({ code: 'parameter-out-of-range' });
    await expect(test.call('job.check', { ...asked, algorithm: 'NMFF', parameters: {} })).rejects.toMatchObject({
      code: 'unknown-algorithm',
    });
  });

  it('refuses a run that does not fit into memory, with numbers', async () => {
    await test.close();
    let free = 2 ** 33;
    test = await startTestApp(undefined, { freeMemory: () => free });
    const { summary } = await open(small);
    free = 1024;
    const asked = {
      dataset: summary.id,
      operation: 'decomposition',
      algorithm: 'SVD',
      parent: null,
      parameters: {},
    } as const;
    expect((await test.call('job.check', asked)).problems[0]?.message).toMatch(
      /needs about \d+ MiB and 0 MiB are free/,
    );
    await expect(test.call('job.start', { ...asked, seed: 0, name: null })).rejects.toMatchObject({
      code: 'out-of-memory',
    });
  });

  it('notices that a source file has changed, and keeps its results', async () => {
    const path = join(files, 'changing.npy');
    await copyFile(small, path);
    const { summary } = await open(path);
    const { result } = await decompose(summary.id, { output_dimension: 2 });
    const saved = join(files, 'changing.eigs');
    await test.call('project.save', { path: saved, overwrite: true });
    await utimes(path, new Date(), new Date(Date.now() + 60_000));
    const other = await startTestApp();
    const state = await other.call('project.open', { path: saved });
    expect(state.datasets[0]?.missing).toMatch(/has changed since it was opened/);
    expect((await other.call('result.array', { result: result!, name: 'factors', columns: null })).shape).toEqual([
      32, 2,
    ]);
    await expect(
      other.call('dataset.image', { dataset: summary.id, reduce: 'sum', channels: null }),
    ).rejects.toMatchObject({
      code: 'file-changed',
    });
    await other.close();
  });

  it('answers nonsense with a sentence instead of failing', async () => {
    await expect(test.call('no.such' as never, {} as never)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(test.call('dataset.open', { path: 3 as never })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(test.call('dataset.open', { path: join(files, 'none.npy') })).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await expect(
      test.call('dataset.image', { dataset: 'x' as never, reduce: 'sum', channels: null }),
    ).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await test.app.array('view/nothing')).toBeNull();
    expect(await test.app.array('../../etc/passwd')).toBeNull();
  });

  it('stays within the roots a host gives it', async () => {
    await test.close();
    test = await startTestApp(undefined, { roots: [files] });
    await expect(test.call('dataset.open', { path: '/etc/hosts' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(test.call('files.list', { folder: '/' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(test.call('project.save', { path: '/tmp/../etc/x.eigs', overwrite: false })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect((await test.call('files.list', { folder: files })).entries.map((e) => e.name)).toContain('small.npy');
  });
});
