import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { unpackBzip2 } from '../../workers/readers/bzip2.ts';
import { openPixels, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { memoryBytes } from '../../workers/readers/memory-bytes.ts';
import { projectSignals } from '../../workers/readers/phenom/elid.ts';
import {
  album,
  buildPictures,
  buildProject,
  colours,
  deep,
  grey,
  mapCounts,
  packedAlbum,
  packedProjects,
} from './builders/phenom.ts';
import { temporaryFiles } from './builders/temporary.ts';
import type { BuiltPage } from './builders/tiff.ts';
import { buildTiff } from './builders/tiff.ts';

const files = temporaryFiles();

async function readAll(signal: SignalHeader): Promise<number[]> {
  const source = await openPixels(signal);
  const start = signal.shape.map(() => 0);
  const values = Array.from(source.read(start, signal.shape) as Float64Array, Number);
  source.close();
  return values;
}

describe('bzip2', () => {
  it('is unpacked to the bytes that were packed', () => {
    for (const version of [0, 4] as const) {
      expect(Buffer.compare(unpackBzip2('x', packedProjects[version], 1e6), buildProject(version))).toBe(0);
    }
    expect(Buffer.compare(unpackBzip2('x', packedAlbum, 1e6), album)).toBe(0);
    // bz2.compress(b'') and bz2.compress(b'a' * 1000)
    expect(unpackBzip2('x', Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64'), 10)).toHaveLength(0);
    const runs = Buffer.from('QlpoOTFBWSZTWUncT2MAAAGBAaAAAIAACCAAIKptQZi6g8XckU4UJBJ3E9jA', 'base64');
    expect(Buffer.from(unpackBzip2('x', runs, 1000)).toString()).toBe('a'.repeat(1000));
    expect(() => unpackBzip2('x', runs, 999)).toThrow(/more than 999/);
  });

  it('that breaks off is refused at any place', () => {
    const packed = packedProjects[0];
    for (let length = 0; length < packed.length - 10; length += 7) {
      expect(() => unpackBzip2('x', packed.subarray(0, length), 1e6)).toThrow(/bzip2/);
    }
  });
});

describe.each([0, 4] as const)('Phenom projects of version %i', (version) => {
  it('hold spots, maps, lines and differences', async () => {
    const { signals } = await openHeader(files.write(`v${version}.elid`, packedProjects[version]));
    expect(signals.map(({ title, shape, dtype }) => [title, shape, dtype])).toEqual([
      ['Image 1, Spot 1', [3], 'int64'],
      ['Image 1, Map 2', [2, 2, 3], 'uint32'],
      ['Image 1, Line 3', [2, 3], 'uint32'],
      ['Image 1, Difference 1 - 2', [3], 'int64'],
      ['Image 1', version === 0 ? [2, 3] : [3, 3], version === 0 ? 'uint8' : 'uint16'],
      ['Colours', [2, 2], 'rgba8'],
    ]);
    const picture = version === 0 ? grey : deep;
    expect(await Promise.all(signals.map(readAll))).toEqual([
      [1, 300, 3],
      mapCounts,
      [1, 2, 3, 4, 5, 6],
      [0, 1, -1],
      picture,
      colours,
    ]);
    expect(signals[1]!.axes.at(-1)).toMatchObject({ units: 'keV', scale: 0.01, offset: -0.04 });
    expect(signals[0]!.metadata).toMatchObject({
      General: { date: '2019-08-07', time: '09:37:31' },
      Acquisition_instrument: {
        SEM: { beam_energy: 15, Stage: { x: 1, y: 2 }, Detector: { EDS: { live_time: 5, real_time: 10 } } },
      },
    });
    const eds = (
      signals[0]!.metadata as { Acquisition_instrument: { SEM: { Detector: { EDS: { elevation_angle: number } } } } }
    ).Acquisition_instrument.SEM.Detector.EDS;
    expect(eds.elevation_angle).toBeCloseTo(30, 12);
  });

  // HyperSpy 1.7.3 gives those of version 0 the same axes, beam energy and place
  it('hold pictures with their scale and how they were taken', async () => {
    const { signals } = await openHeader(files.write(`scaled-v${version}.elid`, packedProjects[version]));
    const [picture, plain] = signals.slice(4) as [SignalHeader, SignalHeader];
    expect(
      picture.axes.map(({ name, units, scale, offset, navigate }) => [name, units, scale, offset, navigate]),
    ).toEqual(['y', 'x'].map((name) => [name, 'nm', 200, 0, false]));
    expect(picture).toMatchObject({ signalType: '', quantity: { name: 'Intensity', units: null }, warnings: [] });
    expect(picture.metadata).toEqual({
      General: {
        title: 'Image 1',
        original_filename: `scaled-v${version}.elid`,
        date: '2019-08-07',
        time: '09:37:31',
      },
      Signal: { signal_type: '' },
      Acquisition_instrument: { SEM: { beam_energy: 15, working_distance: 8, Stage: { x: 1, y: 2 } } },
    });
    expect(picture.originalMetadata).toMatchObject({
      FeiImage: { pixelWidth: { value: '0.0002', unit: 'mm' }, samplePosition: { x: '0.001' } },
    });
    expect(plain.axes.map(({ units, scale }) => [units, scale])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    expect(plain.metadata).not.toHaveProperty('Acquisition_instrument');
    expect(plain.originalMetadata).toEqual({});
  });

  // HyperSpy 1.7.3 takes every map for one of the whole field; an edge in two maps of the samples is in one place by areas
  it('calibrate maps of a square picture by their areas, and say of others that they are not', async () => {
    const { signals } = await openHeader(files.write(`map-v${version}.elid`, packedProjects[version]));
    const [, map, line] = signals as [SignalHeader, SignalHeader, SignalHeader];
    const isSquare = version === 4;
    // 3 pixels of 200 nm; 3/4 of the rows and 1/2 of the columns by 2 places each
    expect(map.axes.slice(0, 2).map(({ units, scale, offset }) => [units, scale, offset])).toEqual(
      isSquare
        ? [
            ['nm', 225, 0],
            ['nm', 150, 0],
          ]
        : [
            [null, 1, 0],
            [null, 1, 0],
          ],
    );
    expect(map.warnings).toHaveLength(isSquare ? 0 : 1);
    expect(line.axes[0]).toMatchObject({ units: null, scale: 1 });
    expect(line.warnings).toEqual([expect.stringMatching(/field of view/)]);
  });
});

const stamp = { size: 0, mtimeMs: 0 };
const described = (...pictures: [name: string, tiff: Uint8Array][]): SignalHeader[] =>
  projectSignals('x.elid', stamp, buildPictures(...pictures), {});
const tiff = (page: BuiltPage): Uint8Array => buildTiff({ pages: [page] });
const small = tiff({ width: 2, height: 2, dtype: 'uint8' });

// files of versions 1 to 3 of RosettaSciIO hold the analyses of those of version 4, with fewer fields after each
describe.each([1, 2, 3] as const)('Phenom projects of version %i', (version) => {
  it('hold what those of version 4 hold', () => {
    const [ours, latest] = [version, 4 as const].map((one) =>
      projectSignals('x.elid', stamp, buildProject(one), {}).map(({ layout, ...signal }) => ({
        ...signal,
        bytes: layout.kind === 'bytes' ? [...layout.bytes] : layout.kind,
      })),
    );
    expect(ours).toHaveLength(6);
    expect(ours).toEqual(latest);
  });
});

describe('pictures of Phenom projects', () => {
  it('are opened without any analysis', async () => {
    const { signals } = await openHeader(files.write('album.elid', packedAlbum));
    expect(signals.map(({ title, shape, dtype }) => [title, shape, dtype])).toEqual([
      ['Image 1', [3, 3], 'uint16'],
      ['Colours', [1, 1], 'rgb8'],
    ]);
    expect(await Promise.all(signals.map(readAll))).toEqual([deep, [0, 1, 2]]);
  });

  it('are read by block', async () => {
    const { signals } = await openHeader(files.write('blocks.elid', packedProjects[4]));
    const [picture, coloured] = await Promise.all(signals.slice(4).map((signal) => openPixels(signal)));
    expect([...picture!.read([1, 1], [2, 2])].map(Number)).toEqual([2000, 40_000, 7, 65_535]);
    expect([...coloured!.read([0, 1], [2, 1])].map(Number)).toEqual([4, 5, 6, 255, 10, 11, 12, 128]);
    expect(() => picture!.read([1, 1], [3, 2])).toThrow(/leaves the array/);
    picture!.close();
    coloured!.close();
  });

  it('take the axes that a person tells, where one is the first signal', async () => {
    const axes = [{ name: 'x', units: 'm', scale: 3 }];
    const { signals } = await openHeader(files.write('told.elid', packedAlbum), { axes });
    expect(signals.map((signal) => signal.axes[1]!.units)).toEqual(['m', null]);
    const project = await openHeader(files.write('told-map.elid', packedProjects[4]), { axes: [{ scale: 3 }] });
    expect(project.signals.map((signal) => signal.axes.at(-1)!.scale)).toEqual([3, 3, 3, 3, 200, 1]);
  });

  it('that cannot be read are left out with a warning', () => {
    const [first, ...others] = described(
      ['gone', new Uint8Array(0)],
      ['cut', small.subarray(0, small.length - 20)],
      ['whole', small],
      ['noise', Buffer.from('no TIFF at all')],
    );
    expect(first!.title).toBe('whole');
    expect(first!.warnings).toEqual(['The picture “cut” is damaged; it and 1 more are left out.']);
    expect(others).toEqual([]);
    const odd = tiff({ width: 2, height: 2, samples: 2, dtype: 'uint8' });
    expect(described(['odd', odd], ['whole', small])[0]!.warnings).toEqual([
      'The picture “odd” is of a kind that cannot be read and is left out.',
    ]);
  });

  it('that cannot be read leave the analyses alone', () => {
    const project = Buffer.from(buildProject(0));
    // the mark of the first TIFF, whose length is told before
    project[project.indexOf('II*')] = 0x58;
    const signals = projectSignals('x.elid', stamp, project, {});
    expect(signals.map(({ title }) => title)).toEqual([
      'Image 1, Spot 1',
      'Image 1, Map 2',
      'Image 1, Line 3',
      'Image 1, Difference 1 - 2',
      'Colours',
    ]);
    expect(signals[0]!.warnings).toEqual(['The picture “Image 1” is damaged and is left out.']);
  });

  it('are refused where one that cannot be read is alone, or none is there', () => {
    const codeOf = (...pictures: [string, Uint8Array][]): unknown => {
      try {
        described(...pictures);
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'read';
    };
    expect(codeOf(['cut', small.subarray(0, 20)])).toBe('corrupt-file');
    expect(codeOf(['noise', Buffer.from('no TIFF at all')])).toBe('corrupt-file');
    expect(codeOf(['gone', new Uint8Array(0)])).toBe('unsupported-format');
    expect(codeOf()).toBe('unsupported-format');
    expect(codeOf(...Array.from({ length: 10_001 }, (): [string, Uint8Array] => ['', new Uint8Array(0)]))).toBe(
      'corrupt-file',
    );
  });

  it('that say they hold more than any packing gives are damaged', () => {
    const size = (width: number, height: number): Pick<BuiltPage, 'tags'> => ({
      tags: [
        { tag: 256, type: 4, value: [width] },
        { tag: 257, type: 4, value: [height] },
        { tag: 278, type: 4, value: [height] },
      ],
    });
    const page = { width: 2, height: 2, dtype: 'uint8', compression: 'lzw' } as const;
    const tiles = [322, 323].map((tag) => ({ tag, type: 4, value: [2 ** 20] }));
    for (const bomb of [
      { ...page, ...size(2 ** 31, 2 ** 31) },
      { ...page, ...size(100_000, 100_000) },
      { ...page, tile: [16, 16] as const, tags: tiles },
      { ...page, tile: [16, 16] as const, tags: [...tiles, { tag: 325, type: 4, value: [0] }] },
    ]) {
      expect(() => described(['bomb', tiff(bomb)])).toThrow(/damaged/);
    }
  });
});

describe('a file in memory', () => {
  it('refuses what is not in it', () => {
    const file = memoryBytes('/somewhere/x.elid', Uint8Array.of(1, 2, 3, 4, 5).subarray(1));
    expect([file.name, file.size, file.view(1, 2).getUint16(0)]).toEqual(['x.elid', 4, 0x0304]);
    const target = new Uint8Array(2);
    file.readInto(target, 2);
    expect([...target]).toEqual([4, 5]);
    for (const [position, length] of [
      [3, 2],
      [-1, 2],
      [0, 5],
      [NaN, 1],
    ] as const) {
      expect(() => file.view(position, length)).toThrow(/x\.elid is shorter/);
      expect(() => file.readInto(new Uint8Array(length), position)).toThrow(/x\.elid is shorter/);
    }
    expect(() => file.view(0, -1)).toThrow(/x\.elid is shorter/);
  });
});

const folder = fileURLToPath(new URL('../../../shared/samples/phenom/', import.meta.url));
describe.skipIf(!existsSync(folder))('sample projects', () => {
  // HyperSpy 1.7.3 on version 0, with an LZW decoder added to tifffile; the same analyses are in version 4
  const sums = [124601, 114223, 32790, 67239, 127284, 33, 35573, 146075];
  it.each(['Elid2Version0.elid', 'Elid2Version4.elid'])('%s has the sums that HyperSpy gives', async (name) => {
    const { signals } = await openHeader(folder + name);
    const analyses = signals.slice(0, sums.length);
    expect(await Promise.all(analyses.map(async (signal) => Number((await stats(signal)).sum)))).toEqual(sums);
  });

  // pixels as Pillow 9.4 reads them; sizes and scales as RosettaSciIO expects them in its own tests
  it.each(['Elid2Version0.elid', 'Elid2Version4.elid'])('%s has three pictures after them', async (name) => {
    const pictures = (await openHeader(folder + name)).signals.slice(sums.length);
    expect(pictures.map(({ title, dtype, shape }) => [title, dtype, shape])).toEqual([
      ['Image 1', 'uint8', [16, 20]],
      ['385test - spectrum', 'rgba8', [24, 32]],
      ['Image 1', 'uint8', [35, 40]],
    ]);
    expect(pictures.map(({ axes }) => axes.map(({ units, scale }) => [units, scale]))).toEqual(
      [
        ['µm', 0.9757792598920121],
        [null, 1],
        ['µm', 0.8120422280865187],
      ].map((axis) => [axis, axis]),
    );
    // they were blackened
    const [first, opaque, last] = await Promise.all(pictures.map(readAll));
    expect([first, last].map((values) => [values!.length, Math.max(...values!)])).toEqual([
      [320, 0],
      [1400, 0],
    ]);
    expect(opaque).toEqual(Array.from({ length: 24 * 32 }, () => [0, 0, 0, 255]).flat());
  });
});
