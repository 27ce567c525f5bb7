import { describe, expect, it } from 'vitest';
import { elementCount } from '../../workers/model/dtype.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { SurfSpec } from './builders/digital-surf.ts';
import { buildSurf } from './builders/digital-surf.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
const stored = Array.from({ length: 24 }, (_, i) => 100 + i);

async function open(...objects: readonly SurfSpec[]): Promise<readonly SignalHeader[]> {
  return (await openHeader(files.write('x.sur', buildSurf(...objects)))).signals;
}

async function read(signal: SignalHeader, start: number[], count: number[]): Promise<number[]> {
  const source = await openPixels(signal);
  const values = [...source.read(start, count)].map(Number);
  source.close();
  return values;
}

async function load(signal: SignalHeader): Promise<number[]> {
  const buffer = new SharedArrayBuffer(elementCount(signal.shape) * 8);
  await loadCube(signal, buffer);
  return Array.from<number | bigint, number>(
    signal.dtype === 'int64' ? new BigInt64Array(buffer) : new Float64Array(buffer),
    Number,
  );
}

describe('Digital Surf files', () => {
  it.each([16, 32] as const)('hold maps of spectra of %i bits', async (bits) => {
    const comment = '@@SPECTRUMNAMES@@\n$_SEM\n$Beam Energy = 5000.00 V\n$_CCD\n$Temperature = -70 C\n';
    const [signal] = await open({ type: 21, x: 3, y: 2, channels: 4, stored, bits, lowest: 90, comment });
    expect(signal).toMatchObject({ shape: [2, 3, 4], dtype: 'float64', signalType: 'CL', title: 'name' });
    expect(signal!.axes).toMatchObject([
      { name: 'Height', units: 'mm', scale: 0.25, offset: 20, navigate: true },
      { name: 'Width', units: 'mm', scale: 0.5, offset: 10, navigate: true },
      { name: 'Wavelength', units: 'nm', scale: 2, offset: 300, navigate: false },
    ]);
    expect(signal!.metadata).toMatchObject({
      Acquisition_instrument: { SEM: { beam_energy: 5 }, Detector: { temperature: -70 } },
    });
    // counted from the lowest
    expect(await read(signal!, [1, 1, 1], [1, 2, 2])).toEqual([27, 28, 31, 32]);
  });

  it.each([0, 1, 3])('give heights in their unit, NaN for holes, packed in %i pieces', async (packed) => {
    const heights = [...stored];
    heights[5] = 98;
    const [signal] = await open({
      type: 2,
      x: 6,
      y: 4,
      stored: heights,
      lowest: 100,
      holes: true,
      step: 0.5,
      base: 7,
      packed,
    });
    expect(signal!.axes.map(({ navigate }) => navigate)).toEqual([false, false]);
    expect(await read(signal!, [0, 3], [2, 3])).toEqual([8.5, 9, NaN, 11.5, 12, 12.5]);
  });

  it('put the three colours of a picture on an axis of their own', async () => {
    const colours = [12, 10, 10].map((type, i) => ({
      type,
      x: 6,
      y: 4,
      stored: stored.map((n) => n + 50 * i),
      packed: 1,
    }));
    const [signal, ...more] = await open(...colours);
    expect(more).toEqual([]);
    expect(signal).toMatchObject({ shape: [3, 4, 6], dtype: 'int64' });
    expect(await read(signal!, [0, 1, 2], [3, 1, 1])).toEqual([108, 158, 208]);
  });

  it.each([0, 1, 3])('are loaded whole as they are read by block, packed in %i pieces', async (packed) => {
    const map = { type: 21, x: 40, y: 60, channels: 32, bits: 16, lowest: -5, step: 0.25 } as const;
    const counts = Array.from({ length: 40 * 60 * 32 }, (_, i) => ((i * 7919) % 30_011) - 5);
    const [spectra] = await open({ ...map, stored: counts, packed });
    expect(await load(spectra!)).toEqual(Array.from(counts, (n) => (n + 5) * 0.25));

    // channels in front: the file is put in order while it is unpacked
    const turned = { ...spectra!, axes: spectra!.axes.map((axis, i) => ({ ...axis, navigate: i === 2 })) };
    const values = await load(turned);
    expect([values[1], values[40], values[40 * 60]]).toEqual([32, 40 * 32, 1].map((i) => (counts[i]! + 5) * 0.25));

    const surface = { type: 5, x: 6, y: 4, stored, packed };
    const [series] = await open(surface, { ...surface, stored: stored.map((n) => -n) });
    expect(await load(series!)).toEqual([...stored, ...stored.map((n) => -n)]);

    const [picture] = await open(
      ...[12, 10, 10].map((type, i) => ({ ...surface, type, stored: stored.map((n) => n + i) })),
    );
    // the axis of colours is the one that is navigated
    expect(picture!.dtype).toBe('int64');
    expect(await load(picture!)).toEqual([0, 1, 2].flatMap((i) => stored.map((n) => n + i)));
  });

  it('whose packed data break off inside are refused when they are loaded', async () => {
    const counts = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 30_011);
    const bytes = buildSurf({ type: 2, x: 60, y: 50, stored: counts, packed: 2 });
    const [signal] = (await openHeader(files.write('c.sur', bytes))).signals;
    for (const at of [1500, bytes.length - 3]) {
      const bad = bytes.slice();
      bad.fill(0xff, at, at + 3);
      const path = files.write('c.sur', bad);
      const { signals } = await openHeader(path);
      await expect(load(signals[0]!)).rejects.toMatchObject({ code: 'corrupt-file' });
    }
    expect(await load((await openHeader(files.write('c.sur', bytes))).signals[0]!)).toEqual(counts);
    expect(signal!.shape).toEqual([50, 60]);
  });

  it('stack the images of a series, and keep unlike objects apart', async () => {
    const [series] = await open(
      { type: 5, x: 6, y: 4, stored },
      { type: 5, x: 6, y: 4, stored: stored.map((n) => -n) },
    );
    expect(series!.shape).toEqual([2, 4, 6]);
    expect(await read(series!, [1, 3, 5], [1, 1, 1])).toEqual([-123]);
    // the axis of a series stands where that of spectra does
    expect(series!.axes[0]).toMatchObject({ name: 'Wavelength', units: 'nm', scale: 2, offset: 300, navigate: true });
    const apart = await open({ type: 11, x: 6, y: 4, stored }, { type: 10, x: 3, y: 8, stored });
    expect(apart.map(({ shape }) => shape)).toEqual([
      [4, 6],
      [8, 3],
    ]);
  });

  it('hold single spectra and profiles', async () => {
    const [spectrum] = await open({ type: 20, x: 24, y: 1, stored, packed: 1 });
    expect(spectrum!.shape).toEqual([24]);
    const [series] = await open({ type: 4, x: 8, y: 3, stored });
    expect(series!.axes.map(({ navigate, size }) => [navigate, size])).toEqual([
      [true, 3],
      [false, 8],
    ]);
    // as RosettaSciIO 0.15 writes and reads them
    const profile = { type: 4, x: 24, y: 1, packed: 1 };
    const [several] = await open({ ...profile, stored }, { ...profile, stored: stored.map((n) => -n) });
    expect(several!.shape).toEqual([2, 24]);
    expect(several!.axes.map(({ navigate }) => navigate)).toEqual([true, false]);
    expect(await load(several!)).toEqual([...stored, ...stored.map((n) => -n)]);
  });

  it('whose packed data unfold to more than they say are refused', async () => {
    const bytes = buildSurf({ type: 2, x: 6, y: 4, stored, packed: 1 });
    const view = new DataView(bytes.buffer);
    // one row less in the header, and in the list of pieces
    view.setInt32(112, 3, true);
    await expect(openHeader(files.write('a.sur', bytes))).rejects.toMatchObject({ code: 'corrupt-file' });
    view.setUint32(516, 72, true);
    const [signal] = (await openHeader(files.write('a.sur', bytes))).signals;
    await expect(read(signal!, [0, 0], [1, 1])).rejects.toMatchObject({ code: 'corrupt-file' });
  });

  it('that announce more than deflate can hold are refused before memory is asked for', async () => {
    const bytes = buildSurf({ type: 2, x: 6, y: 4, stored, packed: 1 });
    const view = new DataView(bytes.buffer);
    view.setInt32(108, 20_000, true);
    view.setInt32(112, 20_000, true);
    view.setUint32(516, 1_600_000_000, true);
    await expect(openHeader(files.write('b.sur', bytes))).rejects.toThrow(/1032/);
  });
});
