import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildIpr, buildSpc, buildSpd } from './builders/edax.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
const counts = Array.from({ length: 24 }, (_, i) => 7 * i);

describe('EDAX maps', () => {
  it.each([
    [1, 'uint8', false],
    [2, 'uint16', false],
    [4, 'uint32', false],
    [2, 'uint16', true],
  ] as const)('of %i bytes are %s in either byte order', async (countBytes, dtype, bigEndian) => {
    const path = files.write('a.spd', buildSpd({ lines: 2, points: 3, channels: 4, counts, countBytes, bigEndian }));
    const [signal] = (await openHeader(path)).signals;
    expect(signal).toMatchObject({ shape: [2, 3, 4], dtype, signalType: 'EDS_SEM' });
    expect(signal!.layout.kind).toBe('raw');
    const source = await openPixels(signal!);
    expect([...source.read([1, 1, 0], [1, 2, 4])].map(Number)).toEqual(counts.slice(16));
    source.close();
  });

  it('without files beside them are not calibrated, and say so', async () => {
    const path = files.write('alone.spd', buildSpd({ lines: 2, points: 3, channels: 4, counts }));
    const [signal] = (await openHeader(path)).signals;
    expect(signal!.axes.map(({ units, scale }) => [units, scale])).toEqual([
      [null, 1],
      [null, 1],
      [null, 1],
    ]);
    expect(signal!.warnings.join(' ')).toMatch(/alone\.spc.*not known.*\.ipr.*not known/);
  });

  it('take energies from the spectrum and sizes from the picture beside them', async () => {
    const path = files.write(
      'map.spd',
      buildSpd({ lines: 2, points: 3, channels: 4, counts, imageName: 'C:\\data\\..\\Live_Img.bmp' }),
    );
    files.write('map.SPC', buildSpc([1, 2, 3, 4]));
    files.write('Live_Img.ipr', buildIpr(0.25, 0.5));
    const [signal] = (await openHeader(path)).signals;
    expect(signal!.warnings).toEqual([]);
    expect(signal!.axes).toMatchObject([
      { name: 'y', units: 'µm', scale: 0.5, navigate: true },
      { name: 'x', units: 'µm', scale: 0.25, navigate: true },
      { name: 'Energy', units: 'keV', scale: 0.01, offset: 0.5, navigate: false },
    ]);
    expect(signal!.metadata).toMatchObject({
      Acquisition_instrument: {
        SEM: { beam_energy: 20, Stage: { tilt_alpha: 15 }, Detector: { EDS: { elevation_angle: 35, live_time: 50 } } },
      },
      Sample: { elements: ['Fe', 'O'] },
    });
  });

  it('are read without a spectrum beside them that is damaged', async () => {
    const path = files.write('b.spd', buildSpd({ lines: 2, points: 3, channels: 4, counts }));
    files.write('b.spc', new Uint8Array(10));
    const [signal] = (await openHeader(path)).signals;
    expect(signal!.axes[2]!.units).toBeNull();
    expect(signal!.warnings[0]).toMatch(/b\.spc/);
  });

  it('that are shorter than they say are told from whole ones', async () => {
    const bytes = buildSpd({ lines: 2, points: 3, channels: 4, counts });
    await expect(openHeader(files.write('c.spd', bytes.subarray(0, bytes.length - 1)))).rejects.toMatchObject({
      code: 'truncated-file',
    });
  });
});

describe('EDAX spectra', () => {
  it.each([false, true])('are calibrated; big-endian: %s', async (bigEndian) => {
    const [signal] = (await openHeader(files.write('s.spc', buildSpc([5, 6, 70_000], bigEndian)))).signals;
    expect(signal).toMatchObject({ shape: [3], dtype: 'uint32', title: 'EDS Spectrum' });
    expect(signal!.axes[0]).toMatchObject({ units: 'keV', scale: 0.01, offset: 0.5 });
    expect(signal!.metadata).toMatchObject({ General: { date: '2016-04-19', time: '15:36:39' } });
    const source = await openPixels(signal!);
    expect([...source.read([0], [3])]).toEqual([5, 6, 70_000]);
    source.close();
  });

  it.each([0x4b, 0x4c, 0x4d])('of GRAMS (version %i) are named and refused', async (version) => {
    const path = join(files.folder, 'g.spc');
    writeFileSync(path, Uint8Array.of(0, version, ...new Array<number>(600).fill(0)));
    await expect(openHeader(path)).rejects.toThrow(/GRAMS/);
  });

  it('are not looked for in pictures: the sentence says what to open', async () => {
    await expect(openHeader(files.write('p.ipr', buildIpr(1, 1)))).rejects.toThrow(/map beside it/);
  });
});
