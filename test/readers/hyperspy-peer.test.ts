import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementCount } from '../../workers/model/dtype.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { hyperspyNote, hyperspyVersion, runPython } from '../hyperspy.ts';
import { buildBcf } from './builders/bruker.ts';
import { buildSurf } from './builders/digital-surf.ts';
import { buildNcem, dim } from './builders/emd-ncem.ts';
import { buildVelox, encode } from './builders/emd-velox.ts';
import { buildProtochips } from './builders/logs.ts';
import { buildMrc } from './builders/mrc.ts';
import { buildSer } from './builders/tia.ts';
import { buildTiff } from './builders/tiff.ts';
import { array2, buildZspy } from './builders/zarr.ts';
import type { Seed } from './seeds.ts';
import { allSeeds } from './seeds.ts';

/* What the builders of the tests make is loaded by HyperSpy too, to the same arrays. */

/** Seeds that HyperSpy 1.7.3 reads as they are meant. */
const names = [
  ...['dm3', 'dm4', 'ripple', 'msa', 'spx', 'jeol, pts', 'jeol, img', 'jeol, eds', 'jeol, asw', 'tvips', 'dens'],
  ...['bcf, pulses', 'bcf, packed', 'bcf, runs', 'bcf, two maps, scattered', 'bcf, compressed, 16 bit, picture'],
  ...['fei-tia, spectrum map', 'fei-tia, stopped map of 64-bit pointers'],
  ...['fei-tia, series of images through its EMI', 'emd-velox, two detectors', 'emd-ncem, slices of a simulation'],
  ...['tiff', 'tiff, big-endian BigTIFF', 'tiff, PackBits', 'tiff, ImageJ', 'tiff, OME'],
  ...['hspy', 'hspy, of h5py', 'nexus'],
  ...['mrc, stack', 'blockfile', 'blockfile, short', 'zspy, folder with Blosc', 'zspy, folder with deflate'],
  ...['phenom, version 0', 'edax spd, with spc and ipr', 'edax spc', 'digital surf, map', 'digital surf, packed'],
  ...['semper, volume', 'semper, complex', 'phenom, pictures'],
];

type Turn = 'axes reversed' | 'last axis first' | 'bytes swapped' | 'colours first';
interface Wish {
  /** name of HyperSpy's plugin, where the extension leads to another */
  plugin?: string;
  options?: Readonly<Record<string, string>>;
  /** what brings HyperSpy's array to ours */
  turn?: Turn;
}

/** Seeds that HyperSpy reads when it is told how, or that it presents otherwise. */
const wishes: Readonly<Record<string, Wish>> = {
  // HyperSpy minds the byte order of a DM file for its tags alone and takes every pixel as little-endian
  'dm4, big-endian': { turn: 'bytes swapped' },
  // HyperSpy takes the dims of any NCEM file from the last to the first, as its own writer leaves them
  'emd-ncem': { turn: 'axes reversed' },
  // HyperSpy takes .map for a picture of JEOL, the byte order from the caller, and no notice of which axis is which
  'mrc, big-endian volume with its axes turned': {
    plugin: 'mrc',
    options: { endianess: '>' },
    turn: 'last axis first',
  },
  // HyperSpy minds the byte order that it is told for the header alone, and takes counts as little-endian
  'edax spd, big-endian': { options: { endianess: '>' }, turn: 'bytes swapped' },
  // HyperSpy makes one picture of bytes of the three planes; they stay planes of whole numbers here, as in RosettaSciIO
  'digital surf, colours': { turn: 'colours first' },
};

/** Formats that HyperSpy 1.7.3 has no plugin for, or one of another format for the extension. */
const unknown: readonly string[] = [
  ...['npy', 'npz', 'hdf5-filters', 'hdf5', 'matlab-hdf5', 'matlab', 'delmic', 'mib', 'envi', 'zarr 3', 'wdf'],
  ...['labspec', 'trivista', 'hamamatsu', 'table'],
];

/** Why the other seeds are left out. */
const leftOut: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['tiff, LZW', 'tiff, JPEG', 'tiff, OME set of two files', 'tiff, deflate tiles, planar'].map((name) => [
      name,
      'tifffile wants imagecodecs for LZW, JPEG and predictor 3, which does not come with HyperSpy',
    ]),
  ),
  'tiff, of instruments': 'tifffile refuses the tag of Olympus, which leads to no block in the seed',
  'emd-velox, version 11 with bytes, packed':
    'HyperSpy 1.7.3 needs the group Operations, which version 11 lacks, and takes 65535 for the end of a pixel in bytes too',
  'emd-velox, energy losses': 'HyperSpy 1.7.3 knows no EelsSpectrumImage, and needs the group Operations',
  'emd-ncem, version 1.0 with complex numbers': 'HyperSpy 1.7.3 counts dims from 1, version 1.0 from 0',
  'mrc, packed 4-bit': 'HyperSpy 1.7.3 knows modes 0 to 4',
  'mrc, Direct Electron scan': 'HyperSpy 1.7.3 knows modes 0 to 4, unsigned 16 bit is 6',
  'mrc, extended header of FEI': 'HyperSpy 1.7.3 knows modes 0 to 4, and extended headers of no or of 128 KiB',
  'mrc, complex int16': 'HyperSpy does not bring pairs of int16 into a shape',
  'tvips, version 1': 'HyperSpy wants frame headers of 60 bytes, those of version 1 have 12',
  'zspy, Blosc': 'HyperSpy 1.7.3 opens ZSPY that is a folder, not a zip; as a folder the same arrays are compared',
  'zspy, deflated': 'a zip, as above',
  'zspy, big-endian': 'a zip, as above',
  zspy: 'a zip, as above',
  'phenom, version 4': 'HyperSpy 1.7.3 knows versions 0 to 2',
  'semper, big-endian': 'HyperSpy reads records as little-endian: the first length makes no sense',
  protochips: 'HyperSpy refuses a comma in a note; a log without is compared',
};

const stored = Array.from({ length: 24 }, (_, i) => 5 * i - 40);
const inFolder = (name: string, files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([key, bytes]) => [`${name}/${key}`, bytes]));

/** What is compared beside the seeds. */
const more: readonly (Seed & Wish)[] = [
  {
    name: 'bcf, counts beyond a byte, packed into blocks',
    files: {
      'x.bcf': buildBcf({
        height: 3,
        width: 4,
        channels: 32,
        // the peak of reference at zero energy is the highest: HyperSpy takes its type from the mean spectrum
        spectrum: (y, x) => Array.from({ length: 32 }, (_, c) => (c === 2 ? 900 : ((c * 7 + x * 3 + y) * 31) % 700)),
        packing: () => 'runs',
        compressed: true,
      }),
    },
  },
  {
    name: 'emd-velox, a survey before the map',
    files: {
      'x.emd': await buildVelox({
        height: 2,
        width: 2,
        channels: 8,
        streams: [encode([[[1, 1], [7], [], [3, 0, 3]]], 65535)],
        survey: [5, 3],
        frames: 1,
        version: '4',
        gzip: 4,
      }),
    },
  },
  {
    // the probe went down first: the second dimension is the fast one
    name: 'fei-tia, map column by column',
    files: {
      'x_1.ser': buildSer({
        dimensions: [4, 3].map((size) => ({ description: 'Position', units: 'meters', delta: 2e-10, size })),
        element: [2],
        positions: Array.from({ length: 12 }, (_, n) => [2e-10 * Math.floor(n / 3), 2e-10 * (n % 3)] as const),
      }),
    },
  },
  {
    name: 'emd-ncem, as HyperSpy writes it',
    files: {
      'x.emd': await buildNcem({
        path: 'signals/map',
        shape: [4, 3, 2],
        dims: [dim('Energy', '[e_V]', 5, 7), dim('x', '[n_m]', 0, 1), dim('y', '[n_m]', 0, 1)],
        attributes: { record_by: 'spectrum' },
      }),
    },
  },
  {
    name: 'digital surf, scaled map',
    files: { 'x.sur': buildSurf({ type: 21, x: 3, y: 2, channels: 4, stored, step: 0.5, base: 7 }) },
  },
  {
    name: 'digital surf, series',
    files: { 'x.sur': buildSurf(...[5, 5].map((type) => ({ type, x: 6, y: 4, stored, packed: 2 }))) },
  },
  {
    name: 'tiff, deflate tiles',
    files: {
      'x.tif': buildTiff({
        pages: [{ width: 20, height: 18, samples: 3, compression: 'deflate', predictor: 2, tile: [16, 16] }],
      }),
    },
  },
  {
    name: 'mrc, extended header of 128 KiB',
    files: { 'x.mrc': buildMrc({ size: [5, 4, 3], mode: 1, extended: new Uint8Array(131_072) }) },
  },
  { name: 'mrc, complex', files: { 'x.mrc': buildMrc({ size: [5, 4, 3], mode: 4 }) } },
  {
    name: 'zspy, folder of big-endian chunks',
    files: inFolder(
      'x.zspy',
      buildZspy(
        array2('Experiments/core/data', {
          shape: [5, 6],
          chunks: [2, 4],
          name: '>u2',
          littleEndian: false,
          separator: '/',
        }),
        [5, 6],
        'eV',
      ),
    ),
  },
  {
    name: 'protochips',
    files: { 'x.csv': Buffer.from(buildProtochips([0, 100, 200, 300], [0.5, 0.25, 'NaN', 1], 'Beam on')) },
    // .csv leads HyperSpy to logs of Impulse
    plugin: 'protochips',
  },
];

const chosen: readonly (Seed & Wish)[] = [
  ...allSeeds
    .filter(({ name }) => names.includes(name) || name in wishes)
    .map((seed) => ({ ...seed, ...wishes[seed.name] })),
  ...more,
];

const isUnknown = (name: string): boolean => unknown.some((format) => name === format || name.startsWith(`${format},`));

describe('seeds', () => {
  it.each(allSeeds.map(({ name }) => name))('%s is compared with HyperSpy, or it is told why not', (name) => {
    expect([names.includes(name), name in wishes, name in leftOut, isUnknown(name)].filter(Boolean)).toHaveLength(1);
  });
});

interface Found {
  error?: string;
  shape: number[];
  dtype: string;
  /** null for NaN */
  values: (number | null)[];
}

describe.skipIf(hyperspyVersion === null)(`HyperSpy loads what we read, to the same arrays (${hyperspyNote})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-peer-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const paths = new Map<string, string>();
  let found: Record<string, Found> = {};
  beforeAll(() => {
    expect(chosen.length).toBe(names.length + Object.keys(wishes).length + more.length);
    const requests = chosen.map(({ name, files, plugin, options, turn }, i) => {
      const place = join(folder, String(i));
      for (const [file, bytes] of Object.entries(files)) {
        mkdirSync(dirname(join(place, file)), { recursive: true });
        writeFileSync(join(place, file), bytes);
      }
      // of files in a folder the folder is opened
      const path = join(place, Object.keys(files)[0]!.split('/')[0]!);
      paths.set(name, path);
      return { path, plugin, options, turn };
    });
    const script = join(import.meta.dirname, 'hyperspy_arrays.py');
    found = runPython(script, JSON.stringify(requests)) as Record<string, Found>;
  }, 180_000);

  it.each(chosen.map(({ name }) => name))('%s', async (name) => {
    const path = paths.get(name)!;
    const theirs = found[path]!;
    expect(theirs.error).toBeUndefined();
    const { signals } = await openHeader(path);
    const signal = signals.toSorted((a, b) => elementCount(b.shape) - elementCount(a.shape))[0]!;
    const source = await openPixels(signal);
    const values = source.read(
      signal.shape.map(() => 0),
      signal.shape,
    );
    source.close();
    expect([signal.dtype, signal.shape]).toEqual([theirs.dtype, theirs.shape]);
    expect(Array.from(values as Float64Array, Number)).toEqual(theirs.values.map((value) => value ?? NaN));
  });
});
