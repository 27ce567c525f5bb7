import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { openPixels } from '../../workers/readers/pixel-blocks.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { pythonVersion, runPython } from '../hyperspy.ts';
import { temporaryFiles } from './builders/temporary.ts';
import type { BuiltPage } from './builders/tiff.ts';
import { buildTiff, omeText } from './builders/tiff.ts';
import { axes, load, pages, text } from './tiff-files.ts';

const { folder, write } = temporaryFiles();
const [z, c] = [3, 2];
const pixels = `DimensionOrder="XYCZT" Type="uint16" SizeX="5" SizeY="3" SizeC="${c}" SizeZ="${z}" SizeT="1" PhysicalSizeZ="2"`;
const id = (file: number): string => `urn:uuid:00000000-0000-0000-0000-00000000000${file}`;
const block = (plane: number, page: number, name: string | null, of = ''): string =>
  `<TiffData FirstC="${plane % c}" FirstZ="${Math.floor(plane / c)}" IFD="${page}" PlaneCount="1">${name === null ? '' : `<UUID FileName="${name}">${of}</UUID>`}</TiffData>`;

interface SetOptions {
  /** how each file is packed and ordered */
  how?: readonly { page?: Partial<BuiltPage>; littleEndian?: boolean; big?: boolean }[];
  /** what the description calls a file */
  called?: (name: string) => string;
}

/** Six planes in three files, one plane each in turn; plane p counts on where plane p − 1 ends. The files' paths. */
function writeSet(stem: string, { how = [], called = (name) => name }: SetOptions = {}): string[] {
  const names = [0, 1, 2].map((file) => `${stem}_${file}.ome.tif`);
  const blocks = pages(z * c).map((_, plane) => {
    const file = plane % 3;
    return block(plane, Math.floor(plane / 3), called(names[file]!), id(file));
  });
  return names.map((name, file) => {
    const { page = {}, ...order } = how[file] ?? {};
    const own = pages(z * c, page).filter((_, plane) => plane % 3 === file);
    const description = omeText(pixels, blocks.join('')).replace('<OME ', `<OME UUID="${id(file)}" `);
    const described = own.map((one, i) => (i === 0 ? { ...one, tags: [text(description)] } : one));
    return write(name, buildTiff({ pages: described, ...order }));
  });
}

const whole = Array.from({ length: z * c * 15 }, (_, i) => i);
const numbers = async (signal: SignalHeader): Promise<number[]> => [
  ...new Uint16Array((await load(signal)).slice().buffer),
];
/** The XML in a file. */
function descriptionOf(path: string): string {
  const bytes = readFileSync(path, 'latin1');
  return bytes.slice(bytes.indexOf('<?xml'), bytes.indexOf('</OME>') + 6);
}
const open = async (path: string): Promise<SignalHeader> => (await openHeader(path)).signals[0]!;

describe('an OME-TIFF set', () => {
  const hows: [string, SetOptions['how']][] = [
    ['uncompressed', []],
    ['in either byte order', [{}, { littleEndian: false }, { big: true }]],
    ['packed', [{ page: { compression: 'lzw' } }, { page: { compression: 'deflate' } }, {}]],
  ];
  it.each(hows)('%s is one signal, whichever file is opened', async (name, how) => {
    for (const path of writeSet(name.replaceAll(' ', '-'), { how: how! })) {
      const { signals } = await openHeader(path);
      expect(signals).toHaveLength(1);
      const [signal] = signals as [SignalHeader];
      expect(axes(signal)).toEqual(['depth 3 nav', 'channel 2 nav', 'height 3 sig', 'width 5 sig']);
      expect(signal).toMatchObject({ title: 'cells', warnings: [], axes: [{ scale: 2, units: 'µm' }, {}, {}, {}] });
      expect(await numbers(signal)).toEqual(whole);
      const source = await openPixels(signal);
      expect([...(source.read([1, 0, 1, 2], [2, 2, 1, 2]) as Uint16Array)]).toEqual([37, 38, 52, 53, 67, 68, 82, 83]);
      source.close();
    }
  });

  it('of a hundred files is read with few of them open at once', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `many_${i}.ome.tif`);
    const blocks = names.map((name, i) => `<TiffData FirstZ="${i}"><UUID FileName="${name}"/></TiffData>`).join('');
    const described = omeText('DimensionOrder="XYZCT" Type="uint16" SizeX="5" SizeY="3" SizeZ="100"', blocks);
    const paths = pages(100).map((page, i) =>
      write(names[i]!, buildTiff({ pages: [i === 0 ? { ...page, tags: [text(described)] } : page] })),
    );
    const signal = await open(paths[0]!);
    expect([signal.shape, signal.warnings]).toEqual([[100, 3, 5], []]);
    expect(await numbers(signal)).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  });

  it('knows the opened file by its id when it was renamed', async () => {
    const [path] = writeSet('before');
    const renamed = join(folder, 'after.tif');
    renameSync(path!, renamed);
    const signal = await open(renamed);
    expect(signal.warnings).toEqual([]);
    expect(await numbers(signal)).toEqual(whole);
  });

  it('takes images that are in other files alone', async () => {
    const image = (number: number, name: string) =>
      `<Image ID="Image:${number}" Name="n${number}"><Pixels ID="Pixels:${number}" DimensionOrder="XYZCT" Type="uint16" SizeX="5" SizeY="3" SizeC="1" SizeZ="2" SizeT="1"><TiffData><UUID FileName="${name}"/></TiffData></Pixels></Image>`;
    const description = `<OME>${image(0, 'two_0.tif')}${image(1, 'two_1.tif')}</OME>`;
    const [a, b, d, e] = pages(4) as [BuiltPage, BuiltPage, BuiltPage, BuiltPage];
    const path = write('two_0.tif', buildTiff({ pages: [{ ...a, tags: [text(description)] }, b] }));
    write('two_1.tif', buildTiff({ pages: [d, e] }));
    const { signals } = await openHeader(path);
    expect(signals.map(({ title }) => title)).toEqual(['n0', 'n1']);
    expect(await numbers(signals[1]!)).toEqual(whole.slice(30, 60));
  });

  it('is described in a file of its own, which its TIFFs name', async () => {
    const [first, ...others] = writeSet('binary');
    const description = descriptionOf(first!);
    write('binary.companion.ome', description);
    const reference = `<OME><BinaryOnly MetadataFile="binary.companion.ome" UUID="${id(0)}"/></OME>`;
    const own = pages(z * c).filter((_, plane) => plane % 3 === 0);
    write('binary_0.ome.tif', buildTiff({ pages: own.map((page) => ({ ...page, tags: [text(reference)] })) }));
    const signal = await open(first!);
    expect(await numbers(signal)).toEqual(whole);
    expect(others).toHaveLength(2);
    rmSync(join(folder, 'binary.companion.ome'));
    const alone = await open(first!);
    expect([alone.shape, alone.warnings.join(' ')]).toEqual([
      [2, 3, 5],
      expect.stringContaining('binary.companion.ome'),
    ]);
  });
});

describe('an OME-TIFF set that is not whole', () => {
  it('has zeros for the planes of files that are not there, and says which', async () => {
    const [path, second] = writeSet('part');
    rmSync(second!);
    const signal = await open(path!);
    expect(signal.warnings.join(' ')).toContain(
      '2 of 6 planes are not there (a file of the set, first “part_1.ome.tif”',
    );
    expect(await numbers(signal)).toEqual(whole.map((n) => ([1, 4].includes(Math.floor(n / 15)) ? 0 : n)));
  });

  it('says why a file of it cannot be read', async () => {
    const [path, second] = writeSet('damaged');
    writeFileSync(second!, 'no TIFF at all');
    const { warnings } = await open(path!);
    expect(warnings.join(' ')).toMatch(/1 cannot be read: .*damaged_1\.ome\.tif.*does not begin like a TIFF/);
    expect(warnings.join(' ')).toContain('2 of 6 planes');
  });

  it('is refused when one of its files changed after it was opened', async () => {
    for (const how of [[], [{}, { page: { compression: 'lzw' as const } }]]) {
      const [path, second] = writeSet('changed', { how });
      const signal = await open(path!);
      copyFileSync(path!, second!);
      await expect(load(signal)).rejects.toMatchObject({ code: expect.stringMatching('file-changed|truncated-file') });
    }
  });

  const inside = (name: string): string => join('inner', name);
  it.each([
    ['a folder above', (name: string) => `../${name}`],
    ['a folder below', (name: string) => `below/${name}`],
    ['a folder below, as Windows writes it', (name: string) => `below\\${name}`],
    ['anywhere', (name: string) => join(folder, name)],
    ['the folder itself', () => '.'],
  ])('never reads from %s', async (_, called) => {
    mkdirSync(join(folder, 'inner', 'below'), { recursive: true });
    const paths = writeSet('outside', { called });
    for (const place of [inside('below'), 'inner']) {
      for (const path of paths) copyFileSync(path, join(folder, place, basename(path)));
    }
    const path = join(folder, inside('outside_0.ome.tif'));
    // every file of the set is where the names lead; beside the opened one there is none
    for (const file of [1, 2]) rmSync(join(folder, inside(`outside_${file}.ome.tif`)));
    const signal = await open(path);
    expect(signal.warnings.join(' ')).toContain('4 of 6 planes are not there');
    expect(await numbers(signal)).toEqual(whole.map((n) => (Math.floor(n / 15) % 3 === 0 ? n : 0)));
  });

  it('is looked through as far as its images have planes for memory', async () => {
    const image = `<Image><Pixels DimensionOrder="XYZCT" SizeX="5" SizeY="3" SizeZ="4000000"><TiffData IFD="0"/></Pixels></Image>`;
    const page = { width: 5, height: 3, tags: [text(`<OME>${image.repeat(50)}</OME>`)] };
    const { signals } = await openHeader(write('bomb.tif', buildTiff({ pages: [page], gap: 200_000 })));
    expect(signals.map(({ shape }) => shape)).toEqual([[4_000_000, 3, 5]]);
  });
});

const version = pythonVersion('tifffile');
const note = version === null ? 'skipped: python3-tifffile is not installed' : `tifffile ${version}`;

interface Told {
  shape: number[];
  dtype: string;
  values: number[];
}

describe.skipIf(version === null)(`OME-TIFF sets and another program (${note})`, () => {
  let report: { written: Told & { files: string[] }; read: Record<string, Told> };
  let paths: string[];
  beforeAll(() => {
    paths = [
      ...writeSet('peer'),
      // tifffile takes the byte order of a set from the file that is opened: all are alike
      ...writeSet('peer-packed', { how: [0, 1, 2].map(() => ({ page: { compression: 'deflate' as const } })) }),
    ];
    report = runPython(join(import.meta.dirname, 'tifffile_sets.py'), folder, ...paths) as typeof report;
  }, 60_000);

  it('ours are read by it to the same array, whichever file is opened', () => {
    for (const path of paths) {
      expect(report.read[path], path).toEqual({ shape: [z, c, 3, 5], dtype: 'uint16', values: whole });
    }
  });

  it('its files are read by us to the array that it wrote', async () => {
    const { files, ...written } = report.written;
    for (const path of files) {
      const signal = await open(path);
      expect([signal.shape, signal.dtype, signal.warnings]).toEqual([written.shape, written.dtype, []]);
      expect([...new Float32Array((await load(signal)).slice().buffer)]).toEqual(written.values);
    }
  });
});
