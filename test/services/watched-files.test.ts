import { appendFile, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { stampOf } from '../../main/services/file-stamp.ts';
import { createFileWatch, type WatchedFile } from '../../main/services/file-watch.ts';
import { explainUnfinished, freshnessOf } from '../../main/services/still-written.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { startTestApp, type TestApp } from './harness.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eigenscope-watch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const minutesAgo = (minutes: number): Date => new Date(Date.now() - 60_000 * minutes);
const plain = async (path: string) => {
  const stamp = await stampOf(path);
  return stamp === null ? { size: 0, mtimeMs: 0 } : { size: stamp.size, mtimeMs: stamp.mtimeMs };
};

describe('createFileWatch', () => {
  let told: [string, string | null][];
  let files: WatchedFile[];
  let watch: ReturnType<typeof createFileWatch>;
  beforeEach(() => {
    told = [];
    files = [];
    watch = createFileWatch(
      () => files,
      (id, change) => {
        told.push([id, change?.kind ?? null]);
        files = files.map((one) => (one.id === id ? { ...one, change } : one));
      },
      1e6,
    );
  });
  afterEach(() => watch.close());

  it('tells once that a file was written again, and when it is again as it was', async () => {
    const file = join(folder, 'map.npy');
    await writeFile(file, 'twelve bytes');
    const old = minutesAgo(5);
    await utimes(file, old, old);
    files = [{ id: 'a', file, stamp: await plain(file), change: null }];
    await watch.look();
    expect(told).toEqual([]);
    await writeFile(file, 'other bytes.');
    await watch.look();
    await watch.look();
    await watch.look();
    // at the look that finds it different it may still grow
    expect(told).toEqual([
      ['a', 'growing'],
      ['a', 'written'],
    ]);
    await writeFile(file, 'twelve bytes');
    await utimes(file, old, old);
    await watch.look();
    expect(told.at(-1)).toEqual(['a', null]);
  });

  it('tells that a file grows as long as it does, and that it is gone', async () => {
    const file = join(folder, 'map.raw');
    await writeFile(file, 'one');
    files = [{ id: 'a', file, stamp: await plain(file), change: null }];
    await watch.look();
    for (let i = 0; i < 3; i++) {
      await appendFile(file, 'more');
      await watch.look();
    }
    expect(told).toEqual([['a', 'growing']]);
    await rename(file, join(folder, 'elsewhere'));
    await watch.look();
    expect(told.at(-1)).toEqual(['a', 'gone']);
  });

  it('finds a chunk that was written deep in a folder of data', async () => {
    const store = join(folder, 'map.zarr');
    await mkdir(join(store, 'c', '0'), { recursive: true });
    await writeFile(join(store, 'zarr.json'), '{}');
    await writeFile(join(store, 'c', '0', '0'), 'chunk');
    // a folder's own size and time are not what was opened
    files = [{ id: 'a', file: store, stamp: { size: 1, mtimeMs: 1 }, change: null }];
    await watch.look();
    await watch.look();
    expect(told).toEqual([]);
    await writeFile(join(store, 'c', '0', '0'), 'chunk, longer');
    await watch.look();
    expect(told).toEqual([['a', 'growing']]);
  });
});

describe('a file that is still being written', () => {
  const short = new EigenscopeError('truncated-file', 'map.npy is shorter than its header says.');

  it('is seen by two looks, an old one by one', async () => {
    const file = join(folder, 'map.npy');
    await writeFile(file, 'one');
    const growing = freshnessOf(file);
    setTimeout(() => void appendFile(file, 'more'), 100);
    expect((await growing).isGrowing).toBe(true);
    expect((await freshnessOf(file)).isGrowing).toBe(false);
    const old = minutesAgo(5);
    await utimes(file, old, old);
    const before = performance.now();
    expect(await freshnessOf(file)).toMatchObject({ isGrowing: false });
    expect(performance.now() - before).toBeLessThan(250);
  });

  it('is refused in these words while it is too short and was just changed, else in the reader’s', async () => {
    const file = join(folder, 'map.npy');
    await writeFile(file, 'one');
    expect(await explainUnfinished(file, short)).toMatchObject({
      code: 'truncated-file',
      message: expect.stringMatching(/^map\.npy is still being written .*shorter than its header/) as string,
    });
    const old = minutesAgo(2);
    await utimes(file, old, old);
    expect(await explainUnfinished(file, short)).toBe(short);
    const bug = new Error('a bug');
    expect(await explainUnfinished(file, bug)).toBe(bug);
  });
});

describe('open data whose file changes', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await startTestApp(join(folder, 'app'), { watchMs: 50 });
  });
  afterEach(() => test.close());

  const write = (first: number, pixels: number) =>
    writeNpy(
      join(folder, 'map.npy'),
      'float32',
      [pixels, 3, 8],
      Float32Array.from({ length: pixels * 24 }, () => first),
      { overwrite: true },
    );
  const firstValue = async (dataset: string) => {
    const array = await test.app.array(`live/${dataset}/spectrum?at=0,0`);
    return new Float32Array(array!.bytes.slice().buffer)[0];
  };

  it('keep their values, say so, and are opened again beside the old ones and their results', async () => {
    await write(1, 2);
    const file = join(folder, 'map.npy');
    const { opened } = await test.call('dataset.open', { path: file });
    const { id } = opened[0]!.summary;
    const { job } = await test.call('job.start', {
      dataset: id,
      operation: 'decomposition',
      algorithm: 'SVD',
      parameters: {},
      parent: null,
      seed: 0,
      name: null,
    });
    expect((await test.ended(job)).status).toBe('finished');
    await write(7, 4);
    const { summary } = await test.until('dataset.changed', ({ summary: now }) => now.changed?.kind === 'written');
    expect(summary).toMatchObject({ id, missing: null, shape: [2, 3, 8] });
    expect(summary.changed?.text).toMatch(/map\.npy was written again/);
    expect(await firstValue(id)).toBe(1);

    const again = (await test.call('dataset.reopen', { dataset: id })).opened[0]!.summary;
    expect(again).toMatchObject({ name: 'map (2)', shape: [4, 3, 8], file });
    expect(again.changed).toBeUndefined();
    expect(await firstValue(again.id)).toBe(7);
    const { datasets, results } = await test.call('project.state', {});
    expect(datasets.map((one) => one.id)).toEqual([id, again.id]);
    expect(results.map(({ dataset }) => dataset)).toEqual([id]);
  });

  it('are refused as still being written when the file is too short and was just changed', async () => {
    await write(1, 2);
    const file = join(folder, 'half.npy');
    const { readFile } = await import('node:fs/promises');
    await writeFile(file, (await readFile(join(folder, 'map.npy'))).subarray(0, 200));
    await expect(test.call('file.info', { path: file })).rejects.toThrow(/half\.npy is still being written/);
  });
});
