import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildNpy } from '../readers/builders/numpy.ts';
import { startTestApp, type TestApp } from './harness.ts';

const shape = [120, 120, 64] as const;
const values = Uint16Array.from({ length: 120 * 120 * 64 }, (_, i) => (i * 7919) % 1000);
const bytes = values.byteLength;
/** below the data, above what the run needs beside them */
const ceiling = 1.75 * 2 ** 20;

describe('ways to open data', () => {
  let folder: string;
  let test: TestApp;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-ways-'));
  });
  afterEach(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lists a folder that is a Zarr store as data, whatever its name, and others as folders', async () => {
    test = await startTestApp(join(folder, 'app'), { roots: [folder] });
    for (const name of ['signal.zspy', 'plain', 'store']) await mkdir(join(folder, name));
    await writeFile(join(folder, 'signal.zspy', '.zgroup'), '{"zarr_format":2}');
    await writeFile(join(folder, 'store', 'zarr.json'), '{}');
    const { entries } = await test.call('files.list', { folder });
    const data = Object.fromEntries(entries.map((entry) => [entry.name, entry.data]));
    expect(data).toMatchObject({ 'signal.zspy': true, store: true, plain: false });
  });

  it('tells the size of a file, within the folders that may be used', async () => {
    test = await startTestApp(join(folder, 'app'), { roots: [folder] });
    await writeFile(join(folder, 'numbers.raw'), 'twelve bytes');
    expect(await test.call('file.stat', { path: join(folder, 'numbers.raw') })).toMatchObject({
      bytes: 12,
      folder: false,
    });
    await expect(test.call('file.stat', { path: '/etc/hostname' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(test.call('file.stat', { path: join(folder, 'none') })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('looks at raw numbers before they are opened, and opens them as they were described', async () => {
    test = await startTestApp(join(folder, 'app'));
    // big-endian, 16 bytes before them, image after image: value 100 c + 10 y + x
    const file = join(folder, 'stack.raw');
    const data = Buffer.alloc(16 + 2 * 5 * 2 * 3);
    for (let c = 0; c < 5; c++)
      for (let y = 0; y < 2; y++)
        for (let x = 0; x < 3; x++) data.writeInt16BE(100 * c + 10 * y + x, 16 + 2 * (c * 6 + y * 3 + x));
    await writeFile(file, data);
    const hints = {
      raw: { dtype: 'int16', offset: 16, littleEndian: false, order: 'images' },
      navigationShape: [2, 3],
      signalShape: [5],
    } as const;
    const preview = await test.call('file.preview', { path: file, signal: 0, ...hints });
    expect(preview).toMatchObject({ shape: [2, 3, 5], dtype: 'int16' });
    const read = async (url: string) => Array.from(new Float64Array((await test.app.array(url))!.bytes.slice().buffer));
    // sums over the channels: 5 (10 y + x) + 1000
    expect(await read(preview.image.url)).toEqual([1000, 1005, 1010, 1050, 1055, 1060]);
    // means over the pixels: 100 c + 6
    expect(await read(preview.spectrum.url)).toEqual([6, 106, 206, 306, 406]);
    const { opened } = await test.call('dataset.open', { path: file, signal: 0, ...hints });
    const array = await test.app.array(`live/${opened[0]!.summary.id}/spectrum?at=1,2`);
    expect(Array.from(new Int16Array(array!.bytes.slice().buffer))).toEqual([12, 112, 212, 312, 412]);
  });

  describe('with less memory than data', () => {
    const check = async (file: string, memoryLimit: number) => {
      test = await startTestApp(join(folder, 'app'), { memoryLimit });
      const { opened } = await test.call('dataset.open', { path: file });
      const dataset = opened[0]!.summary.id;
      const run = {
        dataset,
        operation: 'decomposition',
        algorithm: 'SVD',
        parameters: { output_dimension: 2 },
        parent: null,
      } as const;
      return { run, answer: await test.call('job.check', run) };
    };

    it('a run tells what it would write to a scratch file first, waits for a yes, and says that it does', async () => {
      const file = join(folder, 'columns.npy');
      await writeFile(file, buildNpy({ shape, dtype: 'uint16', data: values, fortranOrder: true }));
      const { run, answer } = await check(file, ceiling);
      expect(answer.problems).toEqual([]);
      expect(answer.scratchBytes).toBe(bytes);
      const asked = { ...run, seed: 0, name: null };
      await expect(test.call('job.start', asked)).rejects.toMatchObject({
        code: 'needs-consent',
        details: { bytes },
        message: expect.stringMatching(/“columns” .*scratch file of 2 MiB/) as unknown,
      });
      expect((await test.call('job.list', {})).jobs).toEqual([]);
      const { job } = await test.call('job.start', { ...asked, mayWrite: true });
      expect((await test.ended(job)).status).toBe('finished');
      const phases = test.events
        .filter(({ name }) => name === 'job.changed')
        .map(({ payload }) => (payload as { phase: string }).phase);
      expect(phases).toContain('Writing the scratch file');
      // once in order, they are not written again
      expect((await test.call('job.check', run)).scratchBytes).toBe(0);
    });

    it('a yes for good is remembered', async () => {
      const file = join(folder, 'columns.npy');
      await writeFile(file, buildNpy({ shape, dtype: 'uint16', data: values, fortranOrder: true }));
      const { run } = await check(file, ceiling);
      await test.call('app.settings', { settings: { writesScratch: true } });
      await test.close();
      test = await startTestApp(join(folder, 'app'), { memoryLimit: ceiling });
      const { opened } = await test.call('dataset.open', { path: file });
      const asked = { ...run, dataset: opened[0]!.summary.id, seed: 0, name: null };
      const { job } = await test.call('job.start', asked);
      expect((await test.ended(job)).status).toBe('finished');
    });

    it('rows that lie together in their file are read there', async () => {
      const file = join(folder, 'rows.npy');
      await writeFile(file, buildNpy({ shape, dtype: 'uint16', data: values }));
      expect((await check(file, ceiling)).answer).toMatchObject({ problems: [], scratchBytes: 0 });
    });

    it('nothing is written while the data fit', async () => {
      const file = join(folder, 'columns.npy');
      await writeFile(file, buildNpy({ shape, dtype: 'uint16', data: values, fortranOrder: true }));
      expect((await check(file, 64 * bytes)).answer.scratchBytes).toBe(0);
    });
  });
});
