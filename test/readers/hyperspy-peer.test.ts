import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementCount } from '../../workers/model/dtype.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { hyperspyNote, hyperspyVersion, runPython } from '../hyperspy.ts';
import { buildBcf } from './builders/bruker.ts';
import { buildSurf } from './builders/digital-surf.ts';
import { buildVelox, encode } from './builders/emd-velox.ts';
import type { Seed } from './seeds.ts';
import { allSeeds } from './seeds.ts';

/* What the builders of the tests make is loaded by HyperSpy too, to the same arrays. */

/** Seeds that HyperSpy 1.7.3 reads as they are meant. */
const names = [
  ...['dm3', 'dm4', 'ripple', 'msa', 'spx', 'jeol, pts', 'jeol, img', 'tvips', 'mrc, stack', 'dens', 'hspy'],
  ...['bcf, pulses', 'bcf, packed', 'bcf, runs', 'bcf, two maps, scattered', 'emd-velox, two detectors'],
  ...['fei-tia, series of images through its EMI', 'tiff', 'tiff, big-endian BigTIFF', 'tiff, OME'],
  ...['digital surf, map', 'digital surf, packed'],
];
const stored = Array.from({ length: 24 }, (_, i) => 5 * i - 40);
const chosen: readonly Seed[] = [
  ...allSeeds.filter(({ name }) => names.includes(name)),
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
    name: 'digital surf, scaled map',
    files: { 'x.sur': buildSurf({ type: 21, x: 3, y: 2, channels: 4, stored, step: 0.5, base: 7 }) },
  },
  {
    name: 'digital surf, series',
    files: { 'x.sur': buildSurf(...[5, 5].map((type) => ({ type, x: 6, y: 4, stored, packed: 2 }))) },
  },
];

interface Found {
  error?: string;
  shape: number[];
  dtype: string;
  values: number[];
}

describe.skipIf(hyperspyVersion === null)(`HyperSpy loads what we read, to the same arrays (${hyperspyNote})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-peer-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const paths = new Map<string, string>();
  let found: Record<string, Found> = {};
  beforeAll(() => {
    expect(chosen.length).toBe(names.length + 4);
    chosen.forEach(({ name, files }, i) => {
      const place = join(folder, String(i));
      mkdirSync(place);
      for (const [file, bytes] of Object.entries(files)) writeFileSync(join(place, file), bytes);
      paths.set(name, join(place, Object.keys(files)[0]!));
    });
    const script = join(import.meta.dirname, 'hyperspy_arrays.py');
    found = runPython(script, ...paths.values()) as Record<string, Found>;
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
    expect(Array.from(values as Float64Array, Number)).toEqual(theirs.values);
  });
});
