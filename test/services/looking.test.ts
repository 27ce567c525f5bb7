import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetId, OpenedDataset } from '../../main/contract/methods.ts';
import { buildDm4 } from '../readers/builders/dm.ts';
import { array2, json, writeStore, type StoreFiles } from '../readers/builders/zarr.ts';
import { startTestApp, type TestApp } from './harness.ts';

const [rows, columns, channels] = [90, 100, 64] as const;
const samples = rows * columns;
const valueAt = (pixel: number, channel: number): number => (pixel * 31 + channel * 17) % 211;
const pixelFirst = Uint16Array.from({ length: samples * channels }, (_, i) =>
  valueAt(Math.floor(i / channels), i % channels),
);
const energyFirst = Uint16Array.from({ length: samples * channels }, (_, i) =>
  valueAt(i % samples, Math.floor(i / samples)),
);
/** below the data, above what a run needs beside them */
const memoryLimit = 0.85 * pixelFirst.byteLength;

const axis = (name: string, size: number, navigate: boolean) =>
  json({ _type: 'UniformDataAxis', name, units: 'nm', scale: 1, offset: 0, size, navigate });
const group = (key: string, attributes?: Uint8Array): StoreFiles => ({
  [`${key}.zgroup`]: json({ zarr_format: 2 }),
  ...(attributes === undefined ? {} : { [`${key}.zattrs`]: attributes }),
});

/** Compressed in chunks across the whole map, the energy axis before the axes of the map. */
function energyFirstStore(path: string): string {
  const core = 'Experiments/core/';
  return writeStore(path, {
    ...group('', json({ file_format: 'ZSpy', file_format_version: '3.1' })),
    ...group('Experiments/'),
    ...group(core, json({ package: 'hyperspy' })),
    ...group(`${core}axis-0/`, axis('Energy', channels, false)),
    ...group(`${core}axis-1/`, axis('y', rows, true)),
    ...group(`${core}axis-2/`, axis('x', columns, true)),
    ...array2(`${core}data`, {
      shape: [channels, rows, columns],
      chunks: [5, rows, 60],
      data: [...energyFirst],
      compressor: { id: 'zlib', level: 1 },
      pack: (bytes) => deflateSync(bytes),
    }),
  });
}

describe('looking at data that are larger than memory and lie in another order', () => {
  let folder: string;
  let scratch: string;
  let test: TestApp;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-looking-'));
    scratch = join(folder, 'temporary');
    await mkdir(scratch);
    vi.stubEnv('TMPDIR', scratch);
    test = await startTestApp(join(folder, 'app'), { memoryLimit });
  });
  afterEach(async () => {
    await test.close();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const numbers = async (url: string) =>
    Array.from(new Float64Array((await test.app.array(url))!.bytes.slice().buffer));
  const open = async (path: string): Promise<OpenedDataset> => (await test.call('dataset.open', { path })).opened[0]!;
  const sources: [string, () => Promise<OpenedDataset>][] = [
    [
      'a spectrum image of DigitalMicrograph, energy slowest',
      async () => {
        const file = join(folder, 'map.dm4');
        const shape = [rows, columns, channels];
        await writeFile(
          file,
          buildDm4({ shape, data: pixelFirst, dtype: 'uint16', spectrumImage: true, signal: 'EELS' }),
        );
        return open(file);
      },
    ],
    ['a compressed store whose energy axis comes first', () => open(energyFirstStore(join(folder, 'map.zspy')))],
    [
      'images that were turned into spectra',
      async () => {
        const file = join(folder, 'stack.dm4');
        await writeFile(file, buildDm4({ shape: [channels, rows, columns], data: energyFirst, dtype: 'uint16' }));
        const { summary } = await open(file);
        const turned = {
          dataset: summary.id,
          operation: 'transpose',
          parameters: { signal_axes: [0] },
          name: 'spectra',
        };
        return (await test.call('prepare.apply', turned)).opened;
      },
    ],
  ];

  const each = (count: number, of: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => of(i));
  const sumOf = (count: number, of: (i: number) => number): number => each(count, of).reduce((a, b) => a + b, 0);

  it.each(sources)('%s: images and spectra come without a scratch file', async (_name, opening) => {
    const { summary } = await opening();
    const dataset = summary.id as DatasetId;
    // the whole picture follows the first one
    const { image, spectrum } = await vi.waitUntil(
      async () => {
        const views = await test.call('dataset.views', { dataset });
        return views.image.preview ? null : views;
      },
      { timeout: 20_000 },
    );
    expect(image).toMatchObject({ shape: [rows, columns], preview: false });
    expect(await numbers(image.url)).toEqual(each(samples, (p) => sumOf(channels, (c) => valueAt(p, c))));
    const mean = each(channels, (c) => sumOf(samples, (p) => valueAt(p, c)) / samples);
    (await numbers(spectrum.url)).forEach((value, c) => expect(value).toBeCloseTo(mean[c]!, 9));

    const window = await test.call('dataset.image', { dataset, reduce: 'max', channels: [10, 12] });
    expect(await numbers(window.url)).toEqual(each(samples, (p) => Math.max(valueAt(p, 10), valueAt(p, 11))));
    const pixels = await test.call('dataset.pixels', { dataset, runs: [7, 9, 8000, 8002] });
    expect((await numbers(pixels.mean.url))[5]).toBeCloseTo(sumOf(4, (i) => valueAt([7, 8, 8000, 8001][i]!, 5)) / 4, 9);
    expect(await numbers(`live/${dataset}/spectrum?at=2,3`)).toEqual(
      each(channels, (c) => valueAt(2 * columns + 3, c)),
    );
    expect((await test.call('dataset.views', { dataset })).summary.residency).toBe('file');
    expect(await readdir(scratch)).toEqual([]);
  });

  it('a run on them says what it will write, and finds the same as with memory enough', async () => {
    const decompose = async (of: TestApp, dataset: string): Promise<number[]> => {
      const parameters = { output_dimension: 2, centre: 'navigation' };
      const asked = { dataset: dataset as DatasetId, operation: 'decomposition', algorithm: 'SVD', parent: null };
      const { job } = await of.call('job.start', { ...asked, parameters, seed: 0, name: null, mayWrite: true });
      const { error, result } = await of.ended(job);
      expect(error).toBeNull();
      const ref = await of.call('result.array', { result: result!, name: 'loadings', columns: null });
      return Array.from(new Float64Array((await of.app.array(ref.url))!.bytes.slice().buffer));
    };
    const store = energyFirstStore(join(folder, 'map.zspy'));
    const { summary } = await open(store);
    const run = { dataset: summary.id, operation: 'decomposition', algorithm: 'SVD', parent: null } as const;
    const check = await test.call('job.check', { ...run, parameters: { output_dimension: 2 } });
    expect(check).toMatchObject({ problems: [], scratchBytes: pixelFirst.byteLength });
    const small = await decompose(test, summary.id);
    expect(await readdir(scratch)).toHaveLength(1);
    const large = await startTestApp(join(folder, 'large'));
    try {
      const { opened } = await large.call('dataset.open', { path: store });
      const whole = await decompose(large, opened[0]!.summary.id);
      expect(small).toHaveLength(whole.length);
      small.forEach((value, i) => expect(value).toBeCloseTo(whole[i]!, 8));
    } finally {
      await large.close();
    }
  });
});
