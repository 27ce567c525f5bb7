import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount } from '../../workers/model/dtype.ts';
import { resolveInside } from '../../workers/readers/jeol/project.ts';
import { loadCube, openPixels, probe, stats } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildJeolEvents, buildJeolImage, buildJeolProject, buildJeolSpectrum, sweepWords } from './builders/jeol.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { folder, write } = temporaryFiles();

const first = sweepWords(4, 4, (y, x) => (x === y ? [96, 100, 100] : []));
const second = sweepWords(4, 4, (y, x) => (x === 3 ? [100 + y] : []));
const events = buildJeolEvents({ width: 4, height: 4, words: [...first, ...second], sweeps: 2 });

describe('a JEOL event list', () => {
  it('is the sum of its sweeps', async () => {
    const [signal] = (await openHeader(write('sum.pts', events))).signals;
    expect(signal).toMatchObject({ shape: [4, 4, 4096], dtype: 'uint8', signalType: 'EDS_TEM', warnings: [] });
    expect(await stats(signal!)).toMatchObject({ sum: 16, max: 2 });
    expect(await probe(signal!, [1, 1, 100])).toBe(2);
    expect(await probe(signal!, [2, 3, 102])).toBe(1);
    const buffer = new SharedArrayBuffer(elementCount(signal!.shape));
    new Uint8Array(buffer).fill(9);
    await loadCube(signal!, buffer);
    const cube = new Uint8Array(buffer);
    expect(cube[(3 * 4 + 3) * 4096 + 100]).toBe(2);
    expect(cube.reduce((sum, value) => sum + value, 0)).toBe(16);
  });

  it('gives chosen sweeps, one by one when asked', async () => {
    const path = write('frames.pts', events);
    const [one] = (await openHeader(path, { frames: [1, 2] })).signals;
    expect(await stats(one!)).toMatchObject({ sum: 4, max: 1 });
    const [all] = (await openHeader(path, { sumFrames: false })).signals;
    expect(all!.shape).toEqual([2, 4, 4, 4096]);
    expect(all!.axes[0]).toMatchObject({ name: 'Frame', units: 's', navigate: true });
    // 0.1 ms for each of 16 pixels
    expect(all!.axes[0]!.scale).toBeCloseTo(0.0016, 12);
    expect(await probe(all!, [0, 3, 3, 100])).toBe(2);
    expect(await probe(all!, [1, 3, 3, 103])).toBe(1);
    const source = await openPixels(all!);
    const block = source.read([0, 1, 1, 90], [2, 2, 3, 20]);
    source.close();
    expect(block.length).toBe(2 * 2 * 3 * 20);
    expect(Number(block[10])).toBe(2);
    await expect(openHeader(path, { frames: [1, 3] })).rejects.toMatchObject({ code: 'parameter-out-of-range' });
  });

  it('is calibrated by the zero of its processing time', async () => {
    const [signal] = (await openHeader(write('axes.pts', events))).signals;
    const [y, x, energy] = signal!.axes;
    // 128 mm over 40 000 over 4 pixels
    expect(x).toMatchObject({ name: 'x', units: 'µm' });
    expect(y!.scale).toBeCloseTo(0.8, 9);
    expect(energy!.scale).toBe(0.01);
    expect(energy!.offset).toBeCloseTo(-0.001 - 0.96, 12);
    expect(signal!.metadata).toMatchObject({
      General: { date: '2017-04-07', time: '18:16:41' },
      Acquisition_instrument: { TEM: { beam_energy: 200, Detector: { EDS: { real_time: 366.5, live_time: 325.5 } } } },
    });
  });

  it.each([
    [255, 'uint8'],
    [256, 'uint16'],
    [65536, 'uint32'],
  ] as const)('with %i photons in one channel has %s', async (count, dtype) => {
    const words = sweepWords(2, 2, (y, x) => (y === 1 && x === 0 ? new Array<number>(count).fill(500) : [1, 2]));
    const path = write(`count-${count}.pts`, buildJeolEvents({ width: 2, height: 2, words }));
    const [signal] = (await openHeader(path)).signals;
    expect(signal!.dtype).toBe(dtype);
    expect(await probe(signal!, [1, 0, 500])).toBe(count);
  });

  it('stays in a byte when many photons fall into many channels', async () => {
    const words = sweepWords(2, 2, () => Array.from({ length: 600 }, (_, i) => i));
    const [signal] = (await openHeader(write('wide.pts', buildJeolEvents({ width: 2, height: 2, words })))).signals;
    expect(signal!.dtype).toBe('uint8');
  });

  // HyperSpy 1.7.3 leaves an incomplete sweep out as well, and gives nothing but zeros when there is no other
  it('that was interrupted leaves out the sweep that is not whole and says so, unless frames are chosen', async () => {
    const path = write('cut.pts', events.subarray(0, events.length - 20));
    const [signal] = (await openHeader(path)).signals;
    expect(signal!.warnings.join()).toMatch(/cut short.*last sweep.*left out/);
    expect((await stats(signal!)).sum).toBe(12);
    const [all] = (await openHeader(path, { frames: [0, 2] })).signals;
    const { sum } = await stats(all!);
    expect(sum).toBeGreaterThan(12);
    expect(sum).toBeLessThan(16);
  });

  it('that was interrupted in its only sweep gives what is there and says so', async () => {
    const path = write('once.pts', buildJeolEvents({ width: 4, height: 4, words: first.slice(0, 12) }));
    const [signal] = (await openHeader(path)).signals;
    expect(signal!.warnings.join()).toMatch(/first sweep/);
    const { sum } = await stats(signal!);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(12);
  });

  it('may tell the length of the file for that of its list', async () => {
    const bytes = Buffer.from(events);
    bytes.writeUInt32LE(bytes.length, 0x20);
    expect((await openHeader(write('length.pts', bytes))).signals[0]!.warnings).toEqual([]);
  });
});

describe('other files of JEOL', () => {
  it('pictures are read where they lie', async () => {
    const pixels = Uint16Array.from({ length: 15 }, (_, i) => i * 1000);
    const [signal] = (await openHeader(write('a.map', buildJeolImage(5, 3, pixels)))).signals;
    expect(signal).toMatchObject({ title: 'C K', shape: [3, 5], dtype: 'uint16', layout: { kind: 'raw' } });
    expect(await probe(signal!, [2, 4])).toBe(14000);
    expect(signal!.metadata).toMatchObject({ General: { date: '2017-04-07', time: '18:08:05' } });
    expect(signal!.axes[1]!.scale).toBeCloseTo((128 / 2000 / 5) * 1000, 9);
  });

  it('spectra are read with their calibration', async () => {
    const [signal] = (await openHeader(write('a.EDS', buildJeolSpectrum([0, 5, 2, 100])))).signals;
    expect(signal).toMatchObject({ shape: [4], dtype: 'int32', signalType: 'EDS_TEM' });
    expect(signal!.axes[0]).toMatchObject({ units: 'keV', scale: 0.01, offset: -0.002 });
    expect(await stats(signal!)).toMatchObject({ sum: 107, max: 100 });
    expect(signal!.metadata).toMatchObject({
      General: { date: '2018-06-25', time: '14:14:51' },
      Acquisition_instrument: {
        TEM: { beam_energy: 200, Detector: { EDS: { live_time: 30, elevation_angle: 22.5 } } },
      },
    });
  });
});

describe('a JEOL project', () => {
  mkdirSync(join(folder, 'Sample', '00_View'), { recursive: true });
  write('Sample/00_View/V.PTS', events);
  write('Sample/00_View/V.img', buildJeolImage(5, 3, new Uint8Array(15)));

  it('opens what it names, in any letter case, and says what is missing', async () => {
    const names = ['.\\Sample\\00_View\\v.img', '.\\sample\\00_view\\v.pts', '.\\Sample\\gone.map'];
    const { format, signals } = await openHeader(write('p.ASW', buildJeolProject(names)));
    expect(format).toBe('jeol');
    expect(signals.map(({ shape }) => shape)).toEqual([
      [3, 5],
      [4, 4, 4096],
    ]);
    expect(signals[0]!.warnings.join()).toMatch(/gone\.map/);
  });

  it.each([
    '..\\secret.img',
    '.\\Sample\\..\\..\\secret.img',
    'C:\\secret.img',
    '/etc/hostname',
    '\\\\host\\share\\x.img',
  ])('never follows %s out of its folder', (name) => {
    expect(resolveInside(join(folder, 'Sample'), name)).toBeNull();
  });

  it('never follows a link out of its folder', () => {
    mkdirSync(join(folder, 'linked'), { recursive: true });
    write('outside.img', buildJeolImage(5, 3, new Uint8Array(15)));
    symlinkSync(join(folder, 'outside.img'), join(folder, 'linked', 'inside.img'));
    expect(resolveInside(join(folder, 'linked'), 'inside.img')).toBeNull();
  });

  it('of which nothing is there is refused', async () => {
    await expect(openHeader(write('q.ASW', buildJeolProject(['.\\nothing.pts'])))).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
