import { describe, expect, it } from 'vitest';
import { itemSize } from '../../workers/model/dtype.ts';
import { openPixels } from '../../workers/readers/pixel-blocks.ts';
import { probe } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { BuiltType } from './builders/elements.ts';
import { encodeElements, ramp } from './builders/elements.ts';
import { buildTiff, jpegPage, smallJpeg } from './builders/tiff.ts';
import { axes, load, pages, refusal, tiffFiles } from './tiff-files.ts';

const { write, file, all, open } = tiffFiles();

describe('the numbers of a page', () => {
  const types: BuiltType[] = [
    'int8',
    'uint8',
    'int16',
    'uint16',
    'int32',
    'uint32',
    'int64',
    'uint64',
    'float16',
    'float32',
    'float64',
    'complex64',
    'complex128',
  ];
  it.each(types)('are %s in either byte order, TIFF or BigTIFF', async (dtype) => {
    const values = dtype.startsWith('complex')
      ? ramp([3, 4], dtype)
      : ramp([3, 4], dtype).map((v) => (dtype.startsWith('u') ? v : v - 5));
    for (const littleEndian of [true, false]) {
      for (const big of [true, false]) {
        // complex pages have two numbers per value, which only whole chunks can say
        const chunks = [encodeElements(values, dtype, littleEndian)];
        const signal = await open({ pages: [{ width: 4, height: 3, dtype, chunks }], littleEndian, big });
        expect(signal).toMatchObject({ shape: [3, 4], dtype, layout: { kind: 'raw' } });
        expect(await load(signal)).toEqual(encodeElements(values, dtype));
      }
    }
  });

  it.each(['none', 'lzw', 'packbits', 'deflate'] as const)(
    'come out of strips and tiles that are %s',
    async (compression) => {
      for (const [dtype, predictor] of [
        ['uint8', 1],
        ['uint16', 2],
        ['float32', 3],
        ['float64', 3],
        ['int32', 2],
        ['uint8', 2],
      ] as const) {
        if (compression === 'none' && predictor > 1) continue;
        for (const shape of [{ rowsPerStrip: 7 }, { tile: [16, 32] as const }]) {
          const values = ramp([37 * 29]).map((v) => (dtype === 'uint8' ? (v * v) % 251 : (v * 37) % 1000));
          const page = { width: 37, height: 29, dtype, compression, predictor, values, ...shape };
          for (const littleEndian of [true, false]) {
            const signal = await open({ pages: [page], littleEndian });
            expect(await load(signal)).toEqual(encodeElements(values, dtype));
          }
        }
      }
    },
  );

  it('come out of LZW strips long enough to fill its table many times', async () => {
    let state = 1;
    const values = Array.from({ length: 200 * 300 }, () => ((state = (state * 48271) % 2147483647) % 7) * 11);
    const signal = await open({ pages: [{ width: 300, height: 200, dtype: 'uint8', compression: 'lzw', values }] });
    expect(await load(signal)).toEqual(Uint8Array.from(values));
  });

  it('of 1, 4, 12 and 24 bits are widened', async () => {
    const cases = [
      { bits: 1, bytes: [0b10110000, 0b01000000], values: [1, 0, 1, 0, 1, 0], dtype: 'bool' },
      { bits: 4, bytes: [0x12, 0xf0, 0x34, 0x50], values: [1, 2, 15, 3, 4, 5], dtype: 'uint8' },
      {
        bits: 12,
        bytes: [0x12, 0x3f, 0xff, 0x00, 0x10, 0xab, 0xcd, 0xef, 0x12, 0x30],
        values: [0x123, 0xfff, 0x001, 0xabc, 0xdef, 0x123],
        dtype: 'uint16',
      },
      {
        bits: 24,
        bytes: [1, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2, 0, 255, 255, 255],
        values: [1, 256, 65536, 2, 512, 16777215],
        dtype: 'uint32',
      },
    ];
    for (const { bits, bytes, values, dtype } of cases) {
      const signal = await open({
        pages: [
          { width: 3, height: 2, chunks: [Uint8Array.from(bytes)], tags: [{ tag: 258, type: 3, value: [bits] }] },
        ],
      });
      expect(signal.dtype).toBe(dtype);
      const found = await load(signal);
      const size = itemSize(signal.dtype);
      expect(
        values.map((_, i) =>
          [...found.subarray(i * size, (i + 1) * size)].reduce((sum, byte, k) => sum + byte * 256 ** k, 0),
        ),
        `${bits} bits`,
      ).toEqual(values);
    }
  });

  it('of a JPEG with colours of half resolution are those of libjpeg', async () => {
    const signal = await open({ pages: [jpegPage] });
    expect(signal).toMatchObject({ shape: [6, 11, 3], dtype: 'uint8' });
    expect([...(await load(signal))]).toEqual(smallJpeg.values);
  });

  it('of colours are pixels of their own, whether samples lie together or apart', async () => {
    for (const planar of [false, true]) {
      for (const [samples, dtype, name] of [
        [3, 'uint8', 'rgb8'],
        [4, 'uint16', 'rgba16'],
      ] as const) {
        const tags = samples === 4 ? [{ tag: 338, type: 3, value: [2] }] : [];
        const page = { width: 4, height: 3, samples, dtype, planar, photometric: 2, tags };
        const signal = await open({ pages: [page, page] });
        expect(signal).toMatchObject({ shape: [2, 3, 4], dtype: name });
        const one = encodeElements(ramp([3, 4, samples]), dtype);
        expect(await load(signal)).toEqual(new Uint8Array(Buffer.concat([one, one])));
      }
    }
  });

  it('of several bands are a spectrum at every pixel, whether bands lie together or apart', async () => {
    for (const planar of [false, true]) {
      for (const compression of ['none', 'deflate'] as const) {
        const signal = await open({
          pages: [{ width: 4, height: 3, samples: 5, planar, compression, tile: [16, 16] }],
        });
        expect(axes(signal)).toEqual(['height 3 nav', 'width 4 nav', 'sample 5 sig']);
        expect(await load(signal)).toEqual(encodeElements(ramp([3, 4, 5]), 'uint16'));
      }
    }
  });

  it('are read by block as they are as a whole', async () => {
    const values = ramp([20 * 30]);
    for (const more of [
      { compression: 'lzw' as const, tile: [16, 16] as const },
      { rowsPerStrip: 3, tile: [16, 16] as const },
    ]) {
      const signal = await open({ pages: pages(3, { width: 30, height: 20, values, ...more }) });
      const source = await openPixels(signal);
      const part = source.read([1, 14, 10], [2, 5, 12]);
      const wanted = Array.from({ length: 5 }, (_, y) => values.slice((14 + y) * 30 + 10, (14 + y) * 30 + 22)).flat();
      expect([...part].map(Number)).toEqual([...wanted, ...wanted]);
      source.close();
    }
  });
});

describe('pages', () => {
  it('with something between them are frames that are read without unpacking', async () => {
    for (const gap of [0, 6]) {
      const signal = await open({ pages: pages(4), gap });
      expect(axes(signal)).toEqual(['image series 4 nav', 'height 3 sig', 'width 5 sig']);
      expect(signal.layout.kind).toBe('frames');
      expect(await load(signal)).toEqual(encodeElements(ramp([60]), 'uint16'));
    }
  });

  it('become channels, and scan positions a grid, when they are said to be', async () => {
    for (const compression of ['none', 'deflate'] as const) {
      const stack = { pages: pages(4, { compression }) };
      const spectra = await open(stack, { signalShape: [4] });
      expect(axes(spectra)).toEqual(['height 3 nav', 'width 5 nav', 'channel 4 sig']);
      expect(await probe(spectra, [2, 4, 3])).toBe(59);
      const transposed = ramp([15]).flatMap((v) => [0, 1, 2, 3].map((page) => v + 15 * page));
      expect(await load(spectra)).toEqual(encodeElements(transposed, 'uint16'));
      const grid = await open(stack, { navigationShape: [2, 2] });
      expect(axes(grid)).toEqual(['y 2 nav', 'x 2 nav', 'height 3 sig', 'width 5 sig']);
      expect(await load(grid)).toEqual(encodeElements(ramp([60]), 'uint16'));
    }
    const rows = await open({ pages: pages(1) }, { signalShape: [5] });
    expect(axes(rows)).toEqual(['height 3 nav', 'width 5 sig']);
    expect(await refusal(file({ pages: pages(4) }), { signalShape: [7] })).toMatchObject({ code: 'shape-mismatch' });
  });

  it('of different sizes are different signals; small copies and masks are left out', async () => {
    const small = { width: 2, height: 2 };
    const thumbnail = { ...small, tags: [{ tag: 254, type: 4, value: [1] }] };
    const signals = await all({ pages: [...pages(1), small, ...pages(1), thumbnail] });
    expect(signals.map(({ shape }) => shape)).toEqual([
      [2, 3, 5],
      [2, 2],
    ]);
    expect(signals[0]!.warnings.join(' ')).toContain('1 smaller');
  });

  it('that were cut off, or lead back to the first, end with a warning', async () => {
    const bytes = Buffer.from(buildTiff({ pages: pages(3) }));
    const second = bytes.readUInt32LE(4);
    const link = second + 2 + bytes.readUInt16LE(second) * 12;
    for (const [target, word] of [
      [second, 'turns back'],
      [bytes.length + 100, 'breaks off'],
    ] as const) {
      bytes.writeUInt32LE(target, link);
      const signal = (await openHeader(write(`chain-${word.replace(' ', '-')}.tif`, bytes))).signals[0]!;
      expect(signal.shape).toEqual([3, 5]);
      expect(signal.warnings.join(' ')).toContain(word);
    }
  });
});
