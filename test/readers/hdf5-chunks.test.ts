import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount, type DType } from '../../workers/model/dtype.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { fletcher32 } from '../../workers/readers/hdf5-chunks/fletcher32.ts';
import { unpackLzf } from '../../workers/readers/hdf5-chunks/lzf.ts';
import { openChunks } from '../../workers/readers/hdf5-chunks/open-chunks.ts';
import { firstMissingFilter } from '../../workers/readers/hdf5-filters.ts';
import { withHdf5 } from '../../workers/readers/hdf5-open.ts';
import { describeDataset, readDatasetNumbers } from '../../workers/readers/hdf5-values.ts';
import { hdf5Reader } from '../../workers/readers/hdf5.ts';
import { loadCube, openPixels, toFloat64 } from '../../workers/readers/pixels.ts';
import { planStream } from '../../workers/readers/stream-source.ts';
import { openHdf5Rows, withRows } from '../../workers/passes/hdf5-rows.ts';
import { array, buildHdf5, group } from './builders/hdf5.ts';
import { filterFixture, filterValue } from './builders/hdf5-filters.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
const write = (name: Parameters<typeof filterFixture>[0]): string => files.write(`${name}.h5`, filterFixture(name));

const signalsOf = async (path: string): Promise<readonly SignalHeader[]> => (await hdf5Reader.header(path, {})).signals;

/** All values of a signal, read at once. */
async function valuesOf(signal: SignalHeader): Promise<Float64Array> {
  const source = await openPixels(signal);
  try {
    return toFloat64(
      source.read(
        signal.shape.map(() => 0),
        signal.shape,
      ),
      signal.dtype,
    );
  } finally {
    source.close();
  }
}

const expected = (shape: readonly number[], dtype: DType): Float64Array =>
  Float64Array.from({ length: elementCount(shape) }, (_, i) => filterValue(i) / (dtype === 'float32' ? 4 : 1));

/** Names of the data sets of a file that only the library can read. */
const leftToLibrary = (path: string, signals: readonly SignalHeader[]): Promise<string[]> =>
  withHdf5(path, (file) =>
    signals
      .filter(({ title, dtype }) => {
        const chunks = openChunks(file, `/${title}`, describeDataset(file, `/${title}`), dtype);
        chunks?.close();
        return chunks === null;
      })
      .map(({ title }) => title),
  );

describe('chunks of HDF5 files', () => {
  it.each(['filters', 'tree', 'bzip2'] as const)('reads every filter that detectors write (%s)', async (name) => {
    const path = write(name);
    const signals = (await signalsOf(path)).filter(({ title }) => title !== 'random');
    expect(signals).toHaveLength({ filters: 24, tree: 4, bzip2: 2 }[name]);
    expect(await leftToLibrary(path, signals)).toEqual([]);
    for (const signal of signals) {
      expect(signal.warnings, signal.title).toEqual([]);
      expect(await valuesOf(signal), signal.title).toEqual(expected(signal.shape, signal.dtype));
    }
  });

  it('takes a chunk that a filter could not make smaller as it is', async () => {
    const signals = await signalsOf(write('filters'));
    const random = signals.find(({ title }) => title === 'random')!;
    const product = Float64Array.from({ length: 512 }, (_, i) => Number((BigInt(i) * 2654435761n) >> 13n) & 255);
    expect(await valuesOf(random)).toEqual(product);
  });

  it('finds the chunks through every kind of index', async () => {
    const path = write('indexes');
    const signals = (await signalsOf(path)).filter(({ layout }) => layout.kind === 'hdf5');
    expect(signals.map(({ title }) => title.replace(/^\w+\//, ''))).toEqual(
      expect.arrayContaining(['single', 'fixed', 'fixed-may-grow', 'extensible', 'extensible-middle', 'tree-2']),
    );
    expect(await leftToLibrary(path, signals)).toEqual([]);
    for (const signal of signals) {
      if (signal.title.endsWith('sparse')) continue;
      expect(await valuesOf(signal), signal.title).toEqual(expected(signal.shape, signal.dtype));
    }
  });

  it('puts the fill value where nothing was written', async () => {
    const signals = await signalsOf(write('indexes'));
    const sparse = Float64Array.from({ length: 240 }, (_, i) => {
      const [y, x] = [Math.floor(i / 12), i % 12];
      return y >= 5 && y < 7 && x >= 7 && x < 9 ? 7 : 2.5;
    });
    for (const title of ['bitshuffle/sparse', 'plain/sparse'])
      expect(await valuesOf(signals.find((signal) => signal.title === title)!), title).toEqual(sparse);
  });

  it('follows arrays of chunks that are cut into pages, of which some are missing', async () => {
    const path = write('paged');
    const signals = await signalsOf(path);
    expect(await leftToLibrary(path, signals)).toEqual([]);
    const at = (title: string) => valuesOf(signals.find((signal) => signal.title === title)!);
    const rows = (count: number, value: (row: number) => number) =>
      Float64Array.from({ length: 2 * count }, (_, i) => value(i >> 1));
    expect(await at('fixed')).toEqual(rows(2100, (row) => (row >= 1500 && row < 1503 ? 4 : 9)));
    expect(await at('extensible')).toEqual(rows(9000, (row) => (row >= 8990 ? 3 : row === 3 || row === 4 ? 1 : 9)));
  });

  it('gives the same in small blocks, as a loaded cube and as rows for algorithms', async () => {
    for (const signal of await signalsOf(write('filters'))) {
      if (signal.title === 'random') continue;
      const [height, width, channels] = signal.shape as [number, number, number];
      const whole = expected(signal.shape, signal.dtype);
      const source = await openPixels(signal);
      const block = toFloat64(source.read([2, 4, 3], [2, 3, 7]), signal.dtype);
      source.close();
      const inBlock = Float64Array.from({ length: 42 }, (_, i) => {
        const [y, x, e] = [2 + Math.floor(i / 21), 4 + (Math.floor(i / 7) % 3), 3 + (i % 7)];
        return whole[(y * width + x) * channels + e]!;
      });
      expect(block, signal.title).toEqual(inBlock);

      const size = signal.dtype === 'uint16' ? 2 : 4;
      const buffer = new SharedArrayBuffer(whole.length * size);
      await loadCube(signal, buffer);
      const cube = size === 2 ? new Uint16Array(buffer) : new Float32Array(buffer);
      expect(Float64Array.from(cube), signal.title).toEqual(whole);

      const { source: rows } = await planStream(signal);
      expect(rows?.kind).toBe('hdf5');
      await withRows(rows!, () => {
        const reader = openHdf5Rows(rows as Extract<RowSource, { kind: 'hdf5' }>);
        const row = new Float64Array(channels);
        reader.load(10, 11, 0, channels);
        reader.decode(10, 0, channels, row, 0);
        expect(row, signal.title).toEqual(whole.subarray(10 * channels, 11 * channels));
        reader.close();
      });
      expect(height * width).toBe(rows!.samples);
    }
  });

  it.each([[[7, 5, 600]], [[4, 18, 256]], [[20, 1, 600]]])(
    'reads chunks of %j that are not packed straight to where they are wanted',
    async (chunks) => {
      const shape = [20, 18, 600];
      const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => (i * 7919) % 100_003);
      const bytes = await buildHdf5(group({ cube: array(data, shape, { chunks }) }));
      const [signal] = await signalsOf(files.write('plain.h5', bytes));
      expect(await valuesOf(signal!)).toEqual(Float64Array.from(data));
      const cube = new SharedArrayBuffer(data.byteLength);
      await loadCube(signal!, cube);
      expect(Buffer.from(cube).equals(Buffer.from(data.buffer))).toBe(true);

      const at = (y: number, x: number, e: number): number => data[(y * 18 + x) * 600 + e]!;
      const source = await openPixels(signal!);
      expect(Array.from(source.read([13, 3, 250], [2, 14, 350]), Number)).toEqual(
        Array.from({ length: 2 * 14 * 350 }, (_, i) =>
          at(13 + Math.floor(i / 4900), 3 + (Math.floor(i / 350) % 14), 250 + (i % 350)),
        ),
      );
      expect(Array.from(source.read([0, 0, 599], [20, 18, 1]), Number)).toEqual(
        Array.from({ length: 360 }, (_, i) => at(Math.floor(i / 18), i % 18, 599)),
      );
      source.close();
    },
  );

  it('says which chunk is damaged, and by which filter', async () => {
    const bytes = filterFixture('tree');
    const path = files.write('whole.h5', bytes);
    const [first] = (await signalsOf(path)).filter(({ title }) => title === 'gzip-shuffle-fletcher32');
    // every byte that begins a zlib stream: no such chunk can be unpacked any more
    const damaged = Buffer.from(bytes);
    for (let at = damaged.indexOf(Buffer.of(0x78, 0x5e)); at >= 0; at = damaged.indexOf(Buffer.of(0x78, 0x5e), at + 1))
      damaged[at + 6]! ^= 0x5a;
    const broken = files.write('broken.h5', damaged);
    const signal = (await signalsOf(broken)).find(({ title }) => title === first!.title)!;
    await expect(valuesOf(signal)).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringMatching(/chunk \[0, 0, 0\].*(Fletcher-32|deflate)/),
    });
  });

  it('follows links of a master file into files beside it, not out of its folder', async () => {
    mkdirSync(join(files.folder, 'below'), { recursive: true });
    files.write('below/data.h5', filterFixture('tree'));
    const { ready, File } = await import('h5wasm/node');
    await ready;
    const master = join(files.folder, 'below', 'master.h5');
    const file = new File(master, 'w');
    file.create_group('entry').create_external_link('data.h5', 'bitshuffle-lz4', 'data_1');
    file.create_external_link('../tree.h5', '/bitshuffle-lz4', 'outside');
    file.close();
    write('tree');
    const signals = await signalsOf(master);
    const data = signals.find(({ title }) => title === 'entry/data_1')!;
    expect(await valuesOf(data)).toEqual(expected([9, 13, 8], 'uint16'));
    await expect(valuesOf(signals.find(({ title }) => title === 'outside')!)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining('bitshuffle (32008)'),
    });
  });

  it('reads small arrays of numbers, as axes are, that are packed so', async () => {
    const found = await withHdf5(write('tree'), (file) => readDatasetNumbers(file, '/blosc-lz4'));
    expect(found!.values).toEqual(expected([9, 13, 8], 'uint16'));
  });

  it('refuses filters by name that are not undone here, also beside those that are', () => {
    expect(firstMissingFilter([2, 1, 3])).toBeNull();
    expect(firstMissingFilter([2, 32008, 3])).toBeNull();
    expect(firstMissingFilter([5, 1])).toBeNull();
    expect(firstMissingFilter([32013])).toBe(32013);
    expect(firstMissingFilter([6, 32015])).toBe(6);
  });
});

describe('LZF', () => {
  it('repeats what was written before, also overlapping', () => {
    // "ab" then seven bytes from two bytes before
    const to = new Uint8Array(9);
    expect(unpackLzf(Uint8Array.of(1, 97, 98, (5 << 5) | 0, 1), to)).toBe(true);
    expect(Buffer.from(to).toString()).toBe('ababababa');
  });

  it('refuses streams that leave their bounds', () => {
    expect(unpackLzf(Uint8Array.of(5, 1, 2), new Uint8Array(6))).toBe(false);
    expect(unpackLzf(Uint8Array.of(0, 1, (1 << 5) | 0, 9), new Uint8Array(4))).toBe(false);
    expect(unpackLzf(Uint8Array.of(1, 1, 2), new Uint8Array(3))).toBe(false);
  });
});

describe('Fletcher-32', () => {
  it('gives the sums of a short text worked out by hand', () => {
    // words 6162, 6364, 6500: low = 0x1 29c6 → 0x29c7; high = 0x6162 + 0xc4c6 + 0x1 29c6 = 0x2 4fee → 0x4ff0
    expect(fletcher32(Buffer.from('abcde')).toString(16)).toBe('4ff029c7');
  });
});
