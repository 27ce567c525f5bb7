import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, openPixels, stats, toFloat64 } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { unpackBlosc } from '../../workers/readers/zarr/blosc.ts';
import { decoderOf } from '../../workers/readers/zarr/codecs.ts';
import { crc32c } from '../../workers/readers/zarr/crc32c.ts';
import { unpackSnappy } from '../../workers/readers/zarr/snappy.ts';
import { ramp } from './builders/elements.ts';
import {
  array2,
  array3,
  bloscFrame,
  bloscZstd,
  buildZspy,
  json,
  shardCodec,
  shardOf,
  writeStore,
  zipStore,
  type StoreFiles,
} from './builders/zarr.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { folder, write } = temporaryFiles();
let stores = 0;
const store = (files: StoreFiles): string => writeStore(join(folder, `store-${stores++}.zspy`), files);

async function valuesOf(
  signal: SignalHeader,
  start = signal.shape.map(() => 0),
  count = signal.shape,
): Promise<number[]> {
  const source = await openPixels(signal);
  try {
    return [...toFloat64(source.read(start, count), signal.dtype)];
  } finally {
    source.close();
  }
}

const refusal = async (opening: Promise<unknown>): Promise<EigenscopeError> =>
  opening.then(
    () => Promise.reject(new Error('it was opened')),
    (error: EigenscopeError) => error,
  );

const first = async (path: string, hints = {}): Promise<SignalHeader> => (await openHeader(path, hints)).signals[0]!;
const data = 'Experiments/core/data';
const zspy = (options: Partial<Parameters<typeof array2>[1]> = {}): StoreFiles =>
  buildZspy(array2(data, { shape: [5, 6], chunks: [2, 4], ...options }), [5, 6]);
const want = ramp([5, 6], 'uint16');

/* Frames that numcodecs 0.11 (c-blosc 1.21) made of ((0 … 599 // 3)² mod 4001) as uint16, two also as float64. */
const frames = JSON.parse(readFileSync(new URL('../fixtures/blosc-frames.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const frameValues = Array.from({ length: 600 }, (_, i) => Math.floor(i / 3) ** 2 % 4001);
const frame = (name: string): Uint8Array => new Uint8Array(Buffer.from(frames[name]!, 'base64'));

describe('frames of Blosc as its own library makes them', () => {
  const names = ['blosclz', 'lz4', 'lz4hc', 'zlib', 'zstd'].flatMap((name) =>
    [0, 1, 2].map((shuffle) => `${name}${shuffle}`),
  );
  it.each(names)('%s gives the values that were packed', (name) => {
    const to = new Uint8Array(1200);
    expect(unpackBlosc(frame(name), to)).toBe(true);
    expect([...new Uint16Array(to.buffer)]).toEqual(frameValues);
  });
  it.each(['f8', 'f8bits'])('%s gives float64 values, shuffled by bytes and by bits', (name) => {
    const to = new Uint8Array(4800);
    expect(unpackBlosc(frame(name), to)).toBe(true);
    expect([...new Float64Array(to.buffer)]).toEqual(frameValues);
  });
  it.each(['zstd', 'lz4', 'bz2'])('%s alone, as numcodecs writes it, gives the same', (name) => {
    const bytes = decoderOf(name, {}, null)!.undo(frame(`${name}_codec`), 1200)!;
    expect([...new Uint16Array(new Uint8Array(bytes).buffer)]).toEqual(frameValues);
  });
  it('damaged in any byte, it is refused or gives as many bytes, never more', () => {
    for (const name of ['blosclz1', 'lz41', 'zlib1', 'zstd2', 'f8']) {
      const whole = frame(name);
      for (let at = 0; at < whole.length; at++) {
        const bad = whole.slice();
        bad[at]! ^= 0xff;
        expect(() => unpackBlosc(bad, new Uint8Array(name === 'f8' ? 4800 : 1200))).not.toThrow();
        expect(() => unpackBlosc(whole.subarray(0, at), new Uint8Array(1200))).not.toThrow();
      }
    }
  });
});

describe('small decoders by their specifications', () => {
  it('CRC-32C gives the check value of RFC 3720 and of the catalogue', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });
  it('Snappy unpacks literals and overlapping copies', () => {
    // length 13, literal "abc", copy of 10 bytes from 3 before (two-byte offset)
    const packed = Uint8Array.of(13, 2 << 2, 97, 98, 99, (9 << 2) | 2, 3, 0);
    const to = new Uint8Array(13);
    expect(unpackSnappy(packed, to)).toBe(true);
    expect(Buffer.from(to).toString()).toBe('abcabcabcabca');
    expect(unpackSnappy(packed, new Uint8Array(12))).toBe(false);
    expect(unpackSnappy(Uint8Array.of(13, 2 << 2, 97), to)).toBe(false);
  });
});

describe('a signal of HyperSpy in Zarr', () => {
  it.each(['folder', 'zip', 'deflated zip'])('is read with axes and metadata from a %s', async (kind) => {
    const files = zspy();
    const path = kind === 'folder' ? store(files) : write(`${kind}.zspy`, zipStore(files, kind === 'deflated zip'));
    const header = await openHeader(path);
    expect(header.format).toBe('zspy');
    const signal = header.signals[0]!;
    expect(signal).toMatchObject({ title: 'Kern µ', signalType: 'EELS', shape: [5, 6], dtype: 'uint16', warnings: [] });
    expect(signal.quantity).toEqual({ name: 'Intensity', units: 'counts' });
    expect(signal.axes).toEqual([
      { name: 'x', units: 'nm', size: 5, navigate: true, scale: 0.5, offset: 1.5 },
      { name: 'Energy', units: null, size: 6, navigate: false, scale: 10, offset: 0 },
    ]);
    expect(signal.metadata).toMatchObject({ mixed: ['a', 2], pair: [3, 4], elements: ['Fe', 'µ'] });
    expect(signal.originalMetadata).toEqual({ nothing: null });
    expect(await valuesOf(signal)).toEqual(want);
    expect(await valuesOf(signal, [1, 3], [3, 2])).toEqual([9, 10, 15, 16, 21, 22].map((i) => want[i]));
    expect((await stats(signal)).sum).toBe(want.reduce((a, b) => a + b, 0));
  });

  it('may have attributes whose characters are not escaped', async () => {
    const files = zspy();
    files['Experiments/core/metadata/General/.zattrs'] = Buffer.from('{"title": "Körner µ"}');
    expect((await openHeader(store(files))).signals[0]!.title).toBe('Körner µ');
  });

  it.each([
    ['Blosc', { compressor: { id: 'blosc' }, pack: (bytes: Uint8Array) => bloscZstd(bytes, 2) }],
    ['zlib', { compressor: { id: 'zlib', level: 1 }, pack: (bytes: Uint8Array) => deflateSync(bytes) }],
    ['gzip', { compressor: { id: 'gzip', level: 1 }, pack: (bytes: Uint8Array) => gzipSync(bytes) }],
    ['zstd', { compressor: { id: 'zstd', level: 1 }, pack: (bytes: Uint8Array) => zstdCompressSync(bytes) }],
    ['big-endian, keys with slashes', { name: '>u2', littleEndian: false, separator: '/' as const }],
    [
      'big-endian in zlib',
      { name: '>u2', littleEndian: false, compressor: { id: 'zlib' }, pack: (bytes: Uint8Array) => deflateSync(bytes) },
    ],
    [
      'big-endian in Blosc',
      {
        name: '>u2',
        littleEndian: false,
        compressor: { id: 'blosc' },
        pack: (bytes: Uint8Array) => bloscZstd(bytes, 2),
      },
    ],
  ])('is read packed as %s', async (_, options) => {
    const signal = await first(store(zspy(options)));
    expect(await valuesOf(signal)).toEqual(want);
    expect(await valuesOf(signal, [4, 1], [1, 5])).toEqual(want.slice(25, 30));
    const buffer = new SharedArrayBuffer(60);
    await loadCube(signal, buffer);
    expect([...new Uint16Array(buffer)]).toEqual(want);
  });

  it('has the fill value where a chunk was never written', async () => {
    const signal = await first(store(zspy({ fill: 7, missing: ['0.1', '2.0'] })));
    const values = await valuesOf(signal);
    expect(values.slice(0, 6)).toEqual([...want.slice(0, 4), 7, 7]);
    expect(values.slice(24)).toEqual([7, 7, 7, 7, ...want.slice(28)]);
  });

  it('asks to be opened again when a chunk was written anew', async () => {
    const path = store(zspy());
    const signal = await first(path);
    writeFileSync(join(path, data, '0.0'), Buffer.alloc(16));
    utimesSync(join(path, data, '0.0'), new Date(), new Date(Date.now() + 5000));
    expect((await refusal(valuesOf(signal))).code).toBe('file-changed');
  });
});

describe('any other Zarr store', () => {
  it('of version 3 has its axes by their names, with the coordinates beside it', async () => {
    const files = {
      'zarr.json': json({ zarr_format: 3, node_type: 'group', attributes: { made: 'here' } }),
      ...array3('cube', { shape: [3, 4, 5], chunks: [2, 4, 3], names: ['y', null, 'energy'] }),
      ...array3('energy', { shape: [5], chunks: [5], dtype: 'float64', names: ['energy'] }),
    };
    const { format, signals } = await openHeader(store(files));
    expect([format, signals.length]).toEqual(['zarr', 1]);
    const coordinates = ramp([5], 'float64');
    expect(signals[0]).toMatchObject({ title: 'cube', originalMetadata: { made: 'here' } });
    expect(signals[0]!.axes.map(({ name, navigate }) => [name, navigate])).toEqual([
      ['y', true],
      ['x', true],
      ['energy', false],
    ]);
    expect(signals[0]!.axes[2]!.offset).toBe(coordinates[0]);
    expect(await valuesOf(signals[0]!)).toEqual(ramp([3, 4, 5], 'uint16'));
  });

  it('reads the array that is asked for, and says which there are', async () => {
    const path = store({
      '.zgroup': json({ zarr_format: 2 }),
      ...array2('a/b', { shape: [4], chunks: [3] }),
      ...array2('c', { shape: [2, 2], chunks: [1, 2] }),
    });
    expect((await openHeader(path)).signals.map(({ title }) => title)).toEqual(['b', 'c']);
    expect(await valuesOf(await first(path, { dataset: '/a/b' }))).toEqual(ramp([4], 'uint16'));
    for (const dataset of ['/a/x', '../a', '/a']) {
      const error = await refusal(openHeader(path, { dataset }));
      expect([error.code, error.message]).toEqual(['not-found', expect.stringContaining('/a/b, /c')]);
    }
  });

  it('reads chunks out of shards; those that are not in them are fill', async () => {
    const files = array3('', { shape: [4, 6], chunks: [2, 6], codecs: [shardCodec([2, 3])], fill: 9 });
    const pack = (values: number[]): Uint8Array => zstdCompressSync(new Uint8Array(Uint16Array.from(values).buffer));
    files['c/0/0'] = shardOf([pack([1, 2, 3, 4, 5, 6]), null]);
    files['c/1/0'] = shardOf([null, pack([7, 8, 7, 8, 7, 8])]);
    expect(await valuesOf(await first(store(files)))).toEqual([
      1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9, 9, 9, 9, 9, 7, 8, 7, 9, 9, 9, 8, 7, 8,
    ]);
  });

  it('shows a picture of OME-Zarr in full resolution, with scales and units', async () => {
    const attributes = {
      multiscales: [
        {
          version: '0.4',
          name: 'cells',
          axes: [
            { name: 'c', type: 'channel' },
            { name: 'y', type: 'space', unit: 'micrometer' },
            { name: 'x', type: 'space', unit: 'micrometer' },
          ],
          datasets: [
            {
              path: 'full',
              coordinateTransformations: [
                { type: 'scale', scale: [1, 0.5, 0.25] },
                { type: 'translation', translation: [0, 3, 4] },
              ],
            },
            { path: 'half', coordinateTransformations: [{ type: 'scale', scale: [1, 1, 0.5] }] },
          ],
          coordinateTransformations: [{ type: 'scale', scale: [1, 2, 2] }],
        },
      ],
    };
    const path = store({
      '.zgroup': json({ zarr_format: 2 }),
      '.zattrs': json(attributes),
      ...array2('full', { shape: [2, 4, 6], chunks: [1, 4, 4] }),
      ...array2('half', { shape: [2, 2, 3], chunks: [1, 2, 3] }),
    });
    const { signals } = await openHeader(path);
    expect(signals.map(({ title }) => title)).toEqual(['cells']);
    expect(signals[0]!.axes).toEqual([
      { name: 'c', units: null, size: 2, navigate: true, scale: 1, offset: 0 },
      { name: 'y', units: 'µm', size: 4, navigate: false, scale: 1, offset: 6 },
      { name: 'x', units: 'µm', size: 6, navigate: false, scale: 0.5, offset: 8 },
    ]);
  });
});

describe('a hostile store', () => {
  const described = (fields: Record<string, unknown>): StoreFiles => ({
    ...array2('a', { shape: [4], chunks: [2] }),
    '.zgroup': json({ zarr_format: 2 }),
    'a/.zarray': json({
      zarr_format: 2,
      shape: [4],
      chunks: [2],
      dtype: '<u2',
      compressor: null,
      filters: null,
      fill_value: 0,
      order: 'C',
      ...fields,
    }),
  });

  it.each([
    ['a shape of text', { shape: 'x' }, 'corrupt-file'],
    ['a negative size', { shape: [-4] }, 'corrupt-file'],
    ['chunks of 0', { chunks: [0] }, 'corrupt-file'],
    ['chunks of another rank', { chunks: [2, 2] }, 'corrupt-file'],
    ['chunks of 16 GiB', { shape: [2 ** 33], chunks: [2 ** 33] }, 'corrupt-file'],
    ['more values than chunks can hold', { shape: [2 ** 40], chunks: [2 ** 20] }, 'truncated-file'],
    ['more values than can be counted', { shape: [2 ** 31, 2 ** 31], chunks: [2, 2] }, 'corrupt-file'],
    ['an unknown compressor', { compressor: { id: 'lzma' } }, 'unsupported-format'],
    ['pickled objects', { dtype: '|O', filters: [{ id: 'pickle' }] }, 'unsupported-format'],
    ['dates', { dtype: '<M8[ns]' }, 'unsupported-format'],
  ])('is refused for %s', async (_, fields, code) => {
    expect((await refusal(openHeader(store(described(fields))))).code).toBe(code);
  });

  it('unpacks no more than a chunk has, whatever the chunk says', async () => {
    const bomb = Buffer.alloc(64 * 2 ** 20);
    const lying = bloscFrame(zstdCompressSync(bomb), 2 ** 31, 2, 0x90);
    for (const [compressor, bytes] of [
      [{ id: 'zlib' }, deflateSync(bomb)],
      [{ id: 'zstd' }, zstdCompressSync(bomb)],
      [{ id: 'blosc' }, lying],
      [{ id: 'blosc' }, bloscFrame(zstdCompressSync(bomb), 4, 2, 0x90)],
      [{ id: 'lz4' }, Buffer.from([0, 0, 0, 0x7f, 0xff])],
    ] as const) {
      const signal = await first(store({ ...described({ compressor }), 'a/0': bytes, 'a/1': bytes }));
      const error = await refusal(valuesOf(signal));
      expect([error.code, error.message]).toEqual(['corrupt-file', expect.stringContaining('a/0')]);
    }
  });

  it('says of a chunk that is too short which one it is', async () => {
    const signal = await first(store({ ...described({}), 'a/1': new Uint8Array(3) }));
    expect((await refusal(valuesOf(signal))).message).toContain('1 is shorter');
  });

  it('does not follow links or names that lead outside of it', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside, { recursive: true });
    writeStore(outside, array2('secret', { shape: [4], chunks: [4] }));
    const path = store(described({}));
    symlinkSync(join(outside, 'secret'), join(path, 'b'));
    rmSync(join(path, 'a', '1'));
    symlinkSync(join(outside, 'secret', '0'), join(path, 'a', '1'));
    const { signals } = await openHeader(path);
    expect(signals.map(({ title }) => title)).toEqual(['a']);
    expect(await valuesOf(signals[0]!)).toEqual([...ramp([4], 'uint16').slice(0, 2), 0, 0]);
    const zip = write('out.zarr', zipStore({ ...described({}), '../x/.zarray': json({}), '/y/.zarray': json({}) }));
    expect((await openHeader(zip)).signals).toHaveLength(1);
  });

  it('of deeply nested JSON is refused, not walked', async () => {
    const deep = Buffer.from(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    const error = await refusal(openHeader(store({ ...described({}), 'a/.zattrs': deep })));
    expect([error.code, error.message]).toEqual(['corrupt-file', expect.stringContaining('nested too deeply')]);
  });
});
