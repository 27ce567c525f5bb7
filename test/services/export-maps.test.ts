import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mapsOf, picturePlaces, writeMaps } from '../../main/services/export-maps.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-maps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (kind: ResultRecord['kind']): ResultRecord => ({
  id: 'one',
  kind,
  operation: 'decomposition',
  name: 'NMF, 2 components',
  dataset: 'si',
  parent: null,
  algorithm: 'NMF',
  parameters: {},
  seed: 0,
  version: '0',
  made: '2026-01-01T00:00:00Z',
  seconds: 1,
  scalars: {},
  arrays: {},
  notes: [],
  axes: [
    { name: 'y', units: 'nm', size: 3, navigate: true, scale: 0.5, offset: 2 },
    { name: 'x', units: 'nm', size: 4, navigate: true, scale: 0.25, offset: 0 },
    { name: 'Energy', units: 'eV', size: 10, navigate: false, scale: 1, offset: 0 },
  ],
  starred: false,
});

/** Loadings [12 × 2]: pixel p of component c is 10 p + c, the last pixel was left out. */
const loadings: ResultArray = {
  dtype: 'float64',
  shape: [12, 2],
  data: Float64Array.from({ length: 24 }, (_, i) => (i >= 22 ? NaN : 10 * Math.floor(i / 2) + (i % 2))),
};
const labels: ResultArray = {
  dtype: 'int32',
  shape: [12],
  data: Int32Array.from({ length: 12 }, (_, i) => (i === 0 ? -1 : i % 3)),
};

async function pixelsOf(path: string) {
  const signal = (await openHeader(path)).signals[0]!;
  const pixels = await openPixels(signal);
  const values = [
    ...(pixels.read(
      signal.shape.map(() => 0),
      signal.shape,
    ) as Float32Array),
  ];
  pixels.close();
  return { signal, values };
}

describe('maps of a result', () => {
  it('are a float32 TIFF stack, one page per component, with the calibration of the pixels', async () => {
    const path = join(folder, 'maps.tif');
    const written = await writeMaps(path, record('decomposition'), { loadings }, { overwrite: false });
    expect(written.files).toEqual([path]);
    const { signal, values } = await pixelsOf(path);
    expect(signal).toMatchObject({ shape: [2, 3, 4], dtype: 'float32' });
    expect(signal.axes.slice(1).map(({ units, scale, offset }) => [units, scale, offset])).toEqual([
      ['nm', 0.5, 2],
      ['nm', 0.25, 0],
    ]);
    const component = (c: number): number[] => Array.from({ length: 12 }, (_, p) => (p === 11 ? NaN : 10 * p + c));
    expect(values).toEqual([...component(0), ...component(1)]);
  });

  it('are a picture per component, black to white over its own values', async () => {
    const path = join(folder, 'maps.png');
    const written = await writeMaps(path, record('decomposition'), { loadings }, { overwrite: false });
    expect(written.files).toEqual(['maps-01.png', 'maps-02.png'].map((name) => join(folder, name)));
    expect(written.notes).toEqual([
      'maps-01.png: A picture holds greys: black is 0, white is 100.',
      'maps-02.png: A picture holds greys: black is 1, white is 101.',
    ]);
    const png = readFileSync(written.files[0]!);
    // 16-bit greys, 4 × 3
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([4, 3, 16, 0]);
  });

  it('of a clustering are its labels, −1 where there is none', async () => {
    const path = join(folder, 'labels.tif');
    await writeMaps(path, record('cluster_analysis'), { labels }, { overwrite: false });
    const { signal, values } = await pixelsOf(path);
    expect(signal.shape).toEqual([3, 4]);
    expect(values).toEqual([...labels.data]);
    const picture = await writeMaps(
      join(folder, 'labels.png'),
      record('cluster_analysis'),
      { labels },
      { overwrite: false },
    );
    expect(picture.files).toEqual([join(folder, 'labels.png')]);
    expect(picture.notes).toEqual(['Cluster n is grey n × 255 / 3, rounded; pixels in none are black.']);
  });

  it('are those of the separation where there are both', () => {
    const both = { loadings, bss_loadings: { ...loadings, data: new Float64Array(24).fill(7) } as ResultArray };
    const { name, count, map } = mapsOf(record('blind_source_separation'), both);
    expect(name).toBe('bss_loadings');
    expect(Array.from({ length: count }, (_, c) => map(c)[0])).toEqual([7, 7]);
  });

  it('are refused in words where there are none', async () => {
    const path = join(folder, 'none.tif');
    const failure = writeMaps(path, record('estimate'), {}, { overwrite: false });
    await expect(failure).rejects.toMatchObject({ code: 'bad-request' });
    await expect(failure).rejects.toThrow(/holds no maps; save it as \.npz or \.csv/);
  });

  it('are numbered so that they sort', () => {
    expect(picturePlaces('/a/b.png', 1)).toEqual(['/a/b.png']);
    expect(picturePlaces('/a/b.c.png', 101)[8]).toBe('/a/b.c-009.png');
  });
});
