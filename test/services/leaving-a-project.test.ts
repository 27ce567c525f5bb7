import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobId } from '../../main/contract/methods.ts';
import { buildNpy } from '../readers/builders/numpy.ts';
import { temporaryFiles } from '../readers/builders/temporary.ts';
import { startTestApp, type TestApp } from './harness.ts';

/* A run belongs to the project it was started in. */

const files = temporaryFiles();
const data = Float64Array.from({ length: 12 * 10 * 32 }, (_, i) => (i * 31) % 17);

describe('while something goes on', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await startTestApp();
  });
  afterEach(() => test.close());

  /** A run that goes on until it is stopped. */
  async function startEndless(): Promise<JobId> {
    const path = files.write('counts.npy', buildNpy({ shape: [12, 10, 32], dtype: 'float64', data }));
    const { opened } = await test.call('dataset.open', { path });
    const { job } = await test.call('job.start', {
      dataset: opened[0]!.summary.id,
      operation: 'decomposition',
      algorithm: 'NMF',
      parameters: { output_dimension: 3, tol: 0, max_iter: 1e7 },
      parent: null,
      seed: 0,
      name: 'endless',
    });
    await test.until('job.changed', ({ id, curve }) => id === job && curve.length > 0);
    return job;
  }
  const autosaved = (): Promise<string[]> => readdir(join(test.folder, 'data', 'projects'));

  it('a new project ends a run, and nothing of it comes into the new one', async () => {
    const job = await startEndless();
    const state = await test.call('project.new', {});
    expect((await test.ended(job)).status).toBe('cancelled');
    expect((await test.call('job.list', {})).jobs.map(({ status }) => status)).toEqual(['cancelled']);
    expect(state.results).toEqual([]);
    expect((await test.call('project.state', {})).results).toEqual([]);
  });

  it('data that are prepared when their project is left do not come into the next one', async () => {
    const [rows, channels] = [80, 512];
    const large = Float32Array.from({ length: rows * rows * channels }, (_, i) => 100 + ((i * 31) % 17));
    const path = files.write('large.npy', buildNpy({ shape: [rows, rows, channels], dtype: 'float32', data: large }));
    const { opened } = await test.call('dataset.open', { path });
    const asked = { dataset: opened[0]!.summary.id, operation: 'remove_background', parameters: { method: 'snip' } };
    const applied = test.call('prepare.apply', { ...asked, name: null });
    const ended = expect(applied).rejects.toMatchObject({ code: 'cancelled' });
    await test.call('project.new', {});
    await ended;
    expect((await test.call('project.state', {})).datasets).toEqual([]);
  });

  it('a project that cannot be opened leaves a run alone', async () => {
    const job = await startEndless();
    const damaged = join(files.folder, 'damaged.eigenproject');
    await mkdir(damaged, { recursive: true });
    await writeFile(join(damaged, 'manifest.json'), '{');
    await expect(test.call('project.open', { path: damaged })).rejects.toMatchObject({ code: 'corrupt-file' });
    expect((await test.call('job.list', {})).jobs.map(({ status }) => status)).toEqual(['running']);
    await test.call('job.cancel', { job, keep: true });
    expect((await test.ended(job)).status).toBe('finished');
    expect((await test.call('project.state', {})).results).toMatchObject([{ name: 'endless' }]);
  });

  it('a project that is saved under a name takes a run along, and its old place goes when that is done', async () => {
    const job = await startEndless();
    const [old] = await autosaved();
    // as rows that are still being written
    const rows = join(test.folder, 'data', 'projects', old!, '.eigenscope-rows');
    await mkdir(rows);
    await writeFile(join(rows, 'rows.raw'), 'unfinished');
    const path = join(files.folder, 'named.eigenproject');
    await test.call('project.save', { path, overwrite: false });
    expect(await readdir(path)).not.toContain('.eigenscope-rows');
    expect(existsSync(join(rows, 'rows.raw'))).toBe(true);
    await test.call('job.cancel', { job, keep: true });
    expect((await test.ended(job)).status).toBe('finished');
    expect((await test.call('project.state', {})).results).toMatchObject([{ name: 'endless' }]);
    expect(await readdir(join(path, 'results'))).toHaveLength(1);
    await vi.waitFor(async () => expect(await autosaved()).toEqual([]));
  });
});
