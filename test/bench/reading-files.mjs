import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const builders = resolve(here, '../readers/builders');
const folder = join(tmpdir(), 'eigenscope-bench', 'reading');
/** Both sides read it before the clock starts. */
const small = join(folder, 'small.hspy');
const build = (name) => import(join(builders, `${name}.ts`));

const [rows, columns, channels] = [256, 256, 1024];

/** Writes parts behind one another; a file is only there when it is whole. */
function writeParts(file, parts) {
  const out = openSync(`${file}.part`, 'w');
  for (const part of parts) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    for (let done = 0; done < bytes.length;) done += writeSync(out, bytes, done);
  }
  closeSync(out);
  renameSync(`${file}.part`, file);
}

function python(...args) {
  const env = { ...process.env, PYTHONPATH: process.env.EIGENSCOPE_ZARR ?? join(tmpdir(), 'zarr2py') };
  const done = spawnSync('/usr/bin/python3', [join(here, 'reading_files.py'), ...args], { encoding: 'utf8', env });
  if (done.status !== 0) throw new Error(done.stderr.trim().split('\n').at(-1));
}

/** The counts of the map, uint16 in the order rows, columns, channels. */
function counts() {
  const file = join(folder, 'counts.raw');
  if (!existsSync(file)) python('raw-counts', file);
  const bytes = readFileSync(file);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, rows * columns * channels);
}

const byPython = (kind) => (file) => python(kind, file);

/**
 * What is read: the file's name, how it is made, and the library it is compared with where HyperSpy does not read it.
 * Files that HyperSpy can write are written by it, the others by the builders of the tests.
 */
export const formats = {
  npy: { file: 'map.npy', peer: 'numpy', make: byPython('npy') },
  hspy: { file: 'map.hspy', make: byPython('hspy') },
  'hspy-plain': { file: 'plain.hspy', make: byPython('hspy-plain') },
  zspy: { file: 'map.zspy', make: byPython('zspy'), needs: 'zarr' },
  nexus: { file: 'map.nxs', make: byPython('nxs') },
  'emd-ncem': { file: 'map.emd', make: byPython('emd') },
  ripple: { file: 'map.rpl', make: byPython('rpl') },
  blockfile: { file: 'patterns.blo', make: byPython('blo') },
  tiff: { file: 'stack.tif', make: byPython('tif') },
  'tiff-deflate': { file: 'strips.tif', make: byPython('tif-deflate') },
  semper: { file: 'stack.unf', make: byPython('unf') },
  matlab: { file: 'map.mat', peer: 'scipy', make: byPython('mat') },
  dm4: {
    file: 'map.dm4',
    async make(file) {
      const { buildDm4 } = await build('dm');
      const energyFirst = Float32Array.from(counts());
      // as an image stack, which is stored in its own order; the builder turns spectrum images value by value
      const options = { shape: [channels, rows, columns], data: energyFirst, dtype: 'float32' };
      writeParts(file, [buildDm4(options)]);
    },
  },
  'dm4-energy-first': {
    file: 'map-si.dm4',
    async make(file) {
      const { buildDm4 } = await build('dm');
      const shape = [rows, columns, 512];
      const data = Float32Array.from(counts().subarray(0, rows * columns * 512));
      writeParts(file, [buildDm4({ shape, data, dtype: 'float32', spectrumImage: true, signal: 'EELS' })]);
    },
  },
  mrc: {
    file: 'stack.mrc',
    async make(file) {
      const { buildMrc } = await build('mrc');
      const values = Float32Array.from(counts());
      const data = new Uint8Array(values.buffer);
      writeParts(file, [buildMrc({ size: [columns, columns, channels], mode: 2, data })]);
    },
  },
  ser: {
    file: 'map_1.ser',
    async make(file) {
      const { buildSer } = await build('tia');
      const data = Array.from(counts().subarray(0, 128 * 128 * 2048));
      const dimensions = [
        { size: 128, units: 'meters' },
        { size: 128, units: 'meters' },
      ];
      writeParts(file, [buildSer({ dimensions, element: [2048], dtype: 'int32', data })]);
    },
  },
  bcf: {
    file: 'map.bcf',
    async make(file) {
      const { buildBcf } = await build('bruker');
      const all = counts();
      const [height, width] = [128, 128];
      // a detector counts a few times per pixel in most channels never
      const spectrum = (y, x) => {
        const own = all.subarray((y * columns + x) * channels, (y * columns + x + 1) * channels);
        const few = Array.from(own, (n) => (n > 24 ? n - 24 : 0));
        // pixels without any count are not stored
        return few.some((n) => n > 0) ? few : null;
      };
      const packings = ['pulses', 'packed', 'runs'];
      const packing = (y, x) => packings[(x + y) % 3];
      writeParts(file, [
        buildBcf({ height, width, channels, spectrum, packing, image: new Uint16Array(height * width) }),
      ]);
    },
  },
  'emd-velox': {
    file: 'map-velox.emd',
    async make(file) {
      const { buildVelox } = await build('emd-velox');
      const [height, width] = [256, 256];
      const one = [new Array(height * width).fill(65535)].flat();
      const donor = join(folder, 'velox-donor.emd');
      const options = { height, width, channels: 4096, streams: [one], frames: 8, version: '4' };
      writeFileSync(donor, await buildVelox(options));
      python('velox', file, donor);
      rmSync(donor);
    },
  },
  spd: {
    file: 'map.spd',
    async make(file) {
      const { buildSpd } = await build('edax');
      const head = buildSpd({ lines: rows, points: columns, channels, counts: [], countBytes: 2 });
      writeParts(file, [head, counts()]);
    },
  },
  'digital-surf': {
    file: 'map.sur',
    async make(file) {
      const { buildSurf } = await build('digital-surf');
      const head = buildSurf({ type: 21, x: columns, y: rows, channels: 512, stored: [], bits: 32, step: 0.5 });
      writeParts(file, [head, Int32Array.from(counts().subarray(0, rows * columns * 512))]);
    },
  },
  jeol: {
    file: 'map.pts',
    async make(file) {
      const { buildJeolEvents, sweepWords } = await build('jeol');
      const [height, width, sweeps] = [256, 256, 8];
      let state = 12345;
      const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      const photons = () => Array.from({ length: Math.floor(random() * 24) }, () => 96 + Math.floor(random() * 3000));
      const words = [];
      for (let sweep = 0; sweep < sweeps; sweep++) {
        for (const word of sweepWords(width, height, photons)) words.push(word);
      }
      writeParts(file, [buildJeolEvents({ width, height, words, sweeps })]);
    },
  },
  msa: {
    file: 'spectrum.msa',
    async make(file) {
      const { buildMsa } = await build('text');
      writeParts(file, [buildMsa({ values: Array.from(counts().subarray(0, 2 ** 18)) })]);
    },
  },
};

/** The file of a format, made when it is not there. */
export async function fileOf(name) {
  const { file, make } = formats[name];
  mkdirSync(folder, { recursive: true });
  if (!existsSync(small)) python('small', small);
  const path = join(folder, file);
  if (!existsSync(path)) {
    try {
      await make(path);
    } catch (error) {
      rmSync(path, { recursive: true, force: true });
      throw error;
    }
  }
  return path;
}
