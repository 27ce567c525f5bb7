import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube } from '../../workers/readers/load-cube.ts';
import { openPixels } from '../../workers/readers/pixel-blocks.ts';
import { probe } from '../../workers/readers/pixels.ts';
import type { ReadHints } from '../../workers/readers/reader.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { BuiltType } from './builders/elements.ts';
import { encodeElements, ramp } from './builders/elements.ts';
import { temporaryFiles } from './builders/temporary.ts';
import type { BuiltPage, BuiltTag, TiffOptions } from './builders/tiff.ts';
import { buildTiff, jpegPage, omeText, smallJpeg } from './builders/tiff.ts';

const { write } = temporaryFiles();
let made = 0;

const file = (options: TiffOptions): string => write(`made${++made}.tif`, buildTiff(options));
const all = async (options: TiffOptions, hints: ReadHints = {}): Promise<readonly SignalHeader[]> =>
  (await openHeader(file(options), hints)).signals;
const open = async (options: TiffOptions, hints: ReadHints = {}): Promise<SignalHeader> =>
  (await all(options, hints))[0]!;
async function load(signal: SignalHeader): Promise<Uint8Array> {
  const buffer = new SharedArrayBuffer(elementCount(signal.shape) * itemSize(signal.dtype));
  await loadCube(signal, buffer);
  return new Uint8Array(buffer);
}
const refusal = async (path: string, hints: ReadHints = {}): Promise<EigenscopeError> => {
  try {
    for (const signal of (await openHeader(path, hints)).signals) await load(signal);
  } catch (error) {
    return error as EigenscopeError;
  }
  throw new Error('it was read');
};
const text = (value: string): BuiltTag => ({ tag: 270, type: 2, value });
const axes = (signal: SignalHeader) =>
  signal.axes.map(({ name, size, navigate }) => `${name} ${size} ${navigate ? 'nav' : 'sig'}`);
/** Pages that differ: the second counts on where the first ends. */
const pages = (count: number, page: Partial<BuiltPage> = {}): BuiltPage[] =>
  Array.from({ length: count }, (_, i) => ({
    width: 5,
    height: 3,
    values: ramp([15]).map((v) => v + 15 * i),
    ...page,
  }));

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
      const signal = (await openHeader(write(`chain${++made}.tif`, bytes))).signals[0]!;
      expect(signal.shape).toEqual([3, 5]);
      expect(signal.warnings.join(' ')).toContain(word);
    }
  });
});

describe('descriptions of programs', () => {
  const resolution = (x: number, y: number): BuiltTag[] => [
    { tag: 282, type: 5, value: [x, 1] },
    { tag: 283, type: 5, value: [y, 1] },
  ];
  const hyperstack =
    'ImageJ=1.53c\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\nunit=micron\nspacing=0.5\nfinterval=2.5\nmin=0.0\n';

  it('ImageJ: channels count fastest, then slices, then frames; resolution gives the scale', async () => {
    const signal = await open({
      pages: pages(12, { tags: [text(hyperstack), ...resolution(4, 2)] }),
      littleEndian: false,
    });
    expect(axes(signal)).toEqual(['time 2 nav', 'depth 3 nav', 'channel 2 nav', 'height 3 sig', 'width 5 sig']);
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [2.5, 's'],
      [0.5, null],
      [1, null],
      [0.5, 'µm'],
      [0.25, 'µm'],
    ]);
    expect(await probe(signal, [1, 2, 1, 0, 0])).toBe(11 * 15);
    expect(signal.originalMetadata.ImageJ).toMatchObject({ slices: 3, min: 0 });
  });

  it('ImageJ: a large stack has one directory and all its planes behind it', async () => {
    const chunk = encodeElements(ramp([60]), 'uint16', false);
    const page = { width: 5, height: 3, chunks: [chunk], tags: [text('ImageJ=1.53c\nimages=4\nslices=4\n')] };
    const signal = await open({ pages: [page], littleEndian: false });
    expect(signal).toMatchObject({ shape: [4, 3, 5], layout: { kind: 'raw' } });
    expect(await load(signal)).toEqual(encodeElements(ramp([60]), 'uint16'));
  });

  it('ImageJ: more planes than the file holds are read as far as they are there', async () => {
    const signal = await open({ pages: pages(3, { tags: [text(hyperstack)] }) });
    expect(axes(signal)[0]).toBe('image series 3 nav');
    expect(signal.warnings.join(' ')).toContain('12 pages; 3 are there');
  });

  it('tifffile: a shape with names of axes, and several of them in one file', async () => {
    const first = pages(6).map((page, i) =>
      i === 0 ? { ...page, tags: [text('{"axes": "TZYX", "shape": [2, 3, 3, 5]}')] } : page,
    );
    const second = pages(2).map((page, i) => (i === 0 ? { ...page, tags: [text('{"shape": [2, 3, 5]}')] } : page));
    const signals = await all({ pages: [...first, ...second] });
    expect(signals.map(axes)).toEqual([
      ['time 2 nav', 'depth 3 nav', 'height 3 sig', 'width 5 sig'],
      ['image series 2 nav', 'height 3 sig', 'width 5 sig'],
    ]);
    const old = await open({
      pages: pages(4)
        .map((page) => ({ ...page, tags: [text('shape=(2,2,3,5)')] }))
        .map((page, i) => (i === 0 ? page : { ...page, tags: [] })),
    });
    expect(axes(old)).toEqual(['y 2 nav', 'x 2 nav', 'height 3 sig', 'width 5 sig']);
  });

  it('OME: the order of dimensions, sizes, and where each plane is', async () => {
    const pixels =
      'DimensionOrder="XYCZT" Type="uint16" SizeX="5" SizeY="3" SizeC="2" SizeZ="3" SizeT="1" PhysicalSizeX="0.25" PhysicalSizeY="250" PhysicalSizeYUnit="nm" PhysicalSizeZ="2"';
    const ome = (more: string) => ({
      pages: pages(6).map((page, i) => (i === 0 ? { ...page, tags: [text(omeText(pixels, more))] } : page)),
    });
    const signal = await open(ome(''));
    expect(signal.title).toBe('cells');
    expect(axes(signal)).toEqual(['depth 3 nav', 'channel 2 nav', 'height 3 sig', 'width 5 sig']);
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [2, 'µm'],
      [1, null],
      [250, 'nm'],
      [0.25, 'µm'],
    ]);
    expect(await probe(signal, [2, 1, 0, 0])).toBe(75);
    // planes from the last page to the first, one of them nowhere
    const planes = [0, 1, 2]
      .flatMap((z) => [0, 1].map((c) => ({ z, c, page: 5 - (2 * z + c) })))
      .filter(({ page }) => page !== 3);
    const blocks = planes
      .map(({ z, c, page }) => `<TiffData IFD="${page}" FirstZ="${z}" FirstC="${c}" FirstT="0" PlaneCount="1"/>`)
      .join('');
    const turned = await open(ome(blocks));
    expect(await probe(turned, [0, 0, 0, 0])).toBe(75);
    expect(await probe(turned, [1, 0, 0, 0])).toBe(0);
    expect(await probe(turned, [2, 1, 0, 0])).toBe(0 * 15);
    expect(turned.warnings.join(' ')).toContain('1 of 6 planes');
  });

  it('OME: several images are several signals', async () => {
    const image = (id: number) =>
      `<Image ID="Image:${id}" Name="n${id}"><Pixels ID="Pixels:${id}" DimensionOrder="XYZCT" Type="uint16" SizeX="5" SizeY="3" SizeC="1" SizeZ="2" SizeT="1"><TiffData IFD="${2 * id}" PlaneCount="2"/></Pixels></Image>`;
    const signals = await all({
      pages: pages(4).map((page, i) =>
        i === 0 ? { ...page, tags: [text(`<OME>${image(0)}${image(1)}</OME>`)] } : page,
      ),
    });
    expect(signals.map(({ title }) => title)).toEqual(['n0', 'n1']);
    expect(await probe(signals[1]!, [1, 0, 0])).toBe(45);
  });
});

describe('tags of instruments', () => {
  const page = (...tags: BuiltTag[]): TiffOptions => ({ pages: [{ width: 4, height: 3, tags }] });

  it('DigitalMicrograph and HyperSpy: units, origins in units, scales', async () => {
    const tags: BuiltTag[] = [
      { tag: 65003, type: 2, value: 'nm' },
      { tag: 65004, type: 2, value: 'nm' },
      { tag: 65005, type: 2, value: 's' },
      { tag: 65006, type: 12, value: [3] },
      { tag: 65007, type: 12, value: [-4] },
      { tag: 65008, type: 12, value: [1] },
      { tag: 65009, type: 12, value: [0.5] },
      { tag: 65010, type: 12, value: [0.25] },
      { tag: 65011, type: 12, value: [2] },
    ];
    const signal = await open({ pages: pages(2, { tags: [...tags, text('ImageJ=1.11a\nunit=nm\nspacing=2.0')] }) });
    expect(signal.axes.map(({ name, scale, offset, units }) => [name, scale, offset, units])).toEqual([
      ['image series', 2, 1, 's'],
      ['height', 0.25, -4, 'nm'],
      ['width', 0.5, 3, 'nm'],
    ]);
  });

  it('FEI: an ini text in m, V, A and s', async () => {
    const ini =
      '[User]\r\nDate=06/13/2016\r\nTime=12:06:40 AM\r\nUser=me\r\n[System]\r\nSystemType=Helios\r\n[Beam]\r\nBeam=EBeam\r\nHV=5000\r\n[EBeam]\r\nHV=5000\r\nWD=0.004\r\nBeamCurrent=6.25e-012\r\n[Scan]\r\nDwelltime=1e-005\r\nPixelWidth=3e-009\r\nPixelHeight=4e-009\r\n';
    const signal = await open(page({ tag: 34682, type: 2, value: ini }));
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [4e-9, 'm'],
      [3e-9, 'm'],
    ]);
    expect(signal.metadata).toMatchObject({
      General: { date: '2016-06-13', time: '00:06:40', authors: 'me' },
      Acquisition_instrument: {
        SEM: { beam_energy: 5, beam_current: 0.00625, working_distance: 4, dwell_time: 1e-5, microscope: 'Helios' },
      },
    });
  });

  it('Zeiss: the size of a pixel is that of 1024 columns', async () => {
    const sem =
      '0\r\n0\r\n0\r\n5.8e-009\r\n68\r\nAP_WD\r\nWD =  3.9 mm\r\nAP_MAG\r\nMag =  50.00 K X\r\nAP_ACTUALKV\r\nEHT =  5.00 kV\r\nAP_DATE\r\nDate :25 Sep 2018\r\nAP_TIME\r\nTime :8:20:42\r\nAP_STAGE_AT_X\r\nStage at X = 62.9961 mm\r\n';
    const signal = await open({
      pages: [{ width: 512, height: 2, tags: [{ tag: 34118, type: 7, value: Buffer.from(sem, 'latin1') }] }],
    });
    expect(signal.axes[1]).toMatchObject({ units: 'm' });
    expect(signal.axes[1]!.scale).toBeCloseTo(1.16e-8, 15);
    expect(signal.metadata).toMatchObject({
      General: { date: '2018-09-25', time: '08:20:42' },
      Acquisition_instrument: {
        SEM: { beam_energy: 5, working_distance: 3.9, magnification: '50.00 K X', Stage: { x: 62.9961 } },
      },
    });
  });

  it('Hamamatsu: a table of wavelengths in the file, and its straight line', async () => {
    const comment = (place: number) =>
      `[Application],Date="10/02/2022",Software="HPD-TA"\r\n[Scaling],ScalingXType=2,ScalingXUnit="nm",ScalingXScalingFile="#${String(place).padStart(7, '0')},0004",ScalingYType=1,ScalingYScale=2,ScalingYUnit="us",ScalingYScalingFile="Other"[Comment],UserComment=""`;
    const build = (place: number) =>
      Buffer.concat([buildTiff(page(text(comment(place)))), encodeElements([400, 402, 404, 406], 'float32')]);
    const path = write('streak.tif', build(build(0).length - 16));
    const signal = (await openHeader(path)).signals[0]!;
    expect(signal.axes.map(({ scale, offset, units }) => [scale, offset, units])).toEqual([
      [2, 0, 'us'],
      [2, 400, 'nm'],
    ]);
  });

  it('GeoTIFF: the size of a pixel, a known point, rows to the south', async () => {
    const signal = await open(
      page(
        { tag: 33550, type: 12, value: [30, 30, 0] },
        { tag: 33922, type: 12, value: [0, 0, 0, 5000, 9000, 0] },
        { tag: 34735, type: 3, value: [1, 1, 0, 1, 1024, 0, 1, 1] },
      ),
    );
    expect(signal.axes.map(({ scale, offset, units }) => [scale, offset, units])).toEqual([
      [-30, 9000, 'm'],
      [30, 5000, 'm'],
    ]);
  });

  it('a date of the plain tag; a resolution of a printer is no calibration', async () => {
    const signal = await open(
      page(
        { tag: 306, type: 2, value: '2016:06:13 15:59:52' },
        { tag: 282, type: 5, value: [300, 1] },
        { tag: 296, type: 3, value: [2] },
      ),
    );
    expect(signal.metadata.General).toMatchObject({ date: '2016-06-13', time: '15:59:52' });
    expect(signal.axes.map(({ scale, units }) => [scale, units])).toEqual([
      [1, null],
      [1, null],
    ]);
  });
});

describe('what cannot be read is refused in words', () => {
  const page = (tags: BuiltTag[], more: Partial<BuiltPage> = {}): string =>
    file({ pages: [{ width: 8, height: 8, ...more, tags }] });

  it.each([
    ['LZMA', [{ tag: 259, type: 3, value: [34925] }], 'LZMA'],
    ['fax', [{ tag: 259, type: 3, value: [4] }], 'group 4'],
    ['an unknown compression', [{ tag: 259, type: 3, value: [777] }], 'unknown compression (777)'],
    [
      'floats of 24 bits',
      [
        { tag: 258, type: 3, value: [24] },
        { tag: 339, type: 3, value: [3] },
      ],
      'floating numbers of 24 bits',
    ],
    ['volumes', [{ tag: 32997, type: 4, value: [3] }], 'depth'],
  ] as [string, BuiltTag[], string][])('%s', async (_, tags, words) => {
    const error = await refusal(page(tags));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(words);
  });

  it('a file that ends before its pixels', async () => {
    const bytes = buildTiff({ pages: [{ width: 8, height: 8, tags: [{ tag: 273, type: 4, value: [100_000] }] }] });
    expect(await refusal(write('short.tif', bytes))).toMatchObject({ code: 'truncated-file' });
    expect(await refusal(write('stub.tif', bytes.subarray(0, 8)))).toMatchObject({ code: 'truncated-file' });
  });

  it('pages that no packing could have put into the file', async () => {
    const wide: BuiltTag[] = [
      { tag: 256, type: 4, value: [2 ** 20] },
      { tag: 257, type: 4, value: [2 ** 20] },
      { tag: 278, type: 4, value: [2 ** 20] },
    ];
    for (const compression of ['lzw', 'deflate', 'packbits'] as const) {
      const error = await refusal(page(wide, { compression }));
      expect(error).toMatchObject({ code: 'corrupt-file' });
      expect(error.message).toContain('no packing is that good');
    }
  });

  it('strips that do not unpack', async () => {
    const noise = Uint8Array.from({ length: 90 }, (_, i) => (i * 73) % 256);
    for (const code of [5, 8, 7]) {
      const path = page([{ tag: 259, type: 3, value: [code] }], { dtype: 'uint8', chunks: [noise] });
      expect(await refusal(path)).toMatchObject({ code: 'corrupt-file' });
    }
  });

  it('a file that changed after it was opened', async () => {
    const path = file({ pages: pages(1, { compression: 'lzw' }) });
    const signal = (await openHeader(path)).signals[0]!;
    write(basename(path), buildTiff({ pages: pages(2, { compression: 'lzw' }) }));
    await expect(load(signal)).rejects.toMatchObject({ code: 'file-changed' });
  });
});
