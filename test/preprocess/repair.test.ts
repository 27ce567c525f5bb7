import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { derived, readAll, readBlock, signalOf } from './signals.ts';

const channels = 200;
const energy = { ...plainAxis('Energy', channels, false), units: 'eV', offset: -50, scale: 0.5 };
const peakAt = (centre: number, i: number, width = 6): number => 1000 * Math.exp(-0.5 * ((i - centre) / width) ** 2);

function mapOf(pixels: number, value: (pixel: number, channel: number) => number): SignalHeader {
  const values = Float64Array.from({ length: pixels * channels }, (_, k) =>
    value(Math.floor(k / channels), k % channels),
  );
  return signalOf([plainAxis('x', pixels, true), energy], 'float64', values);
}

describe('removing spikes', () => {
  const random = createRandom(3);
  const noise = Float64Array.from({ length: 4 * channels }, () => 10 * (random.uniform() - 0.5));
  const smooth = (pixel: number, i: number): number =>
    100 + peakAt(80 + 10 * pixel, i, 10) + noise[pixel * channels + i]!;
  const spikes: [number, number, number][] = [
    [0, 30, 2000],
    [2, 150, 900],
    [2, 151, 700],
  ];

  it('fills them from their neighbours and leaves everything else to the bit', async () => {
    const source = mapOf(
      4,
      (pixel, i) =>
        smooth(pixel, i) + spikes.reduce((sum, [p, at, height]) => sum + (p === pixel && at === i ? height : 0), 0),
    );
    const values = await readAll(await derived('remove_spikes', {}, source));
    const before = await readAll(source);
    const changed = values.flatMap((value, k) => (value === before[k] ? [] : [k]));
    expect(changed).toEqual(spikes.map(([pixel, at]) => pixel * channels + at));
    for (const [pixel, at] of spikes)
      expect(Math.abs(values[pixel * channels + at]! - smooth(pixel, at))).toBeLessThan(20);
  });

  it('takes an edge, a hole, and a spectrum without noise for none', async () => {
    const step = mapOf(1, (_, i) => (i > 100 ? 5000 : 0) + noise[i]! - (i === 40 ? 3000 : 0));
    expect(await readAll(await derived('remove_spikes', {}, step))).toEqual(await readAll(step));
    const constant = mapOf(2, () => 7);
    expect(await readAll(await derived('remove_spikes', {}, constant))).toEqual(await readAll(constant));
  });
});

describe('removing dead and hot pixels', () => {
  it('finds channels that are wrong everywhere and fills them', async () => {
    const random = createRandom(5);
    const source = mapOf(30, (pixel, i) =>
      i === 60 ? 0 : i === 61 ? 90_000 : 200 + peakAt(120, i, 15) + pixel + random.uniform(),
    );
    const made = await derived('remove_dead_pixels', {}, source);
    const values = await readAll(made);
    const before = await readAll(source);
    expect([...new Set(values.flatMap((value, k) => (value === before[k] ? [] : [k % channels])))]).toEqual([60, 61]);
    expect(values[60]).toBeCloseTo((before[58]! + before[59]! + before[62]!) / 3, 9);
    expect(await readBlock(made, [3, 60], [2, 1])).toEqual([values[3 * channels + 60], values[4 * channels + 60]]);
  });

  it('fills camera pixels that are given from the eight around them', async () => {
    const axes = [plainAxis('frame', 2, true), plainAxis('y', 3, false), plainAxis('x', 3, false)];
    const source = signalOf(axes, 'uint16', [1, 2, 3, 4, 999, 6, 7, 8, 9, 1, 1, 1, 1, 0, 1, 1, 1, 1]);
    const values = await readAll(await derived('remove_dead_pixels', { channels: [4] }, source));
    expect([values[4], values[13]]).toEqual([5, 1]);
    await expect(derived('remove_dead_pixels', { channels: [9] }, source)).rejects.toThrow(/no channel 9; there are 9/);
  });
});

describe('aligning to a peak', () => {
  const shifts = [0, 3.25, -4.5, 10];
  const drifted = mapOf(4, (pixel, i) => peakAt(100 + shifts[pixel]!, i));
  const centreOf = (values: number[]): number => {
    const sum = values.reduce((a, b) => a + b, 0);
    return values.reduce((total, value, i) => total + i * value, 0) / sum;
  };

  it.each(['maximum', 'centre', 'correlation'])('brings peaks to one place (%s)', async (method) => {
    const made = await derived('align_peak', { method, ...(method === 'correlation' ? {} : { position: 0 }) }, drifted);
    const values = await readAll(made);
    const centres = shifts.map((_, pixel) => centreOf(values.slice(pixel * channels, (pixel + 1) * channels)));
    // a correlation compares with a mean that drift has smeared
    const near = method === 'correlation' ? 0.1 : 0.06;
    for (const centre of centres) expect(Math.abs(centre - centres[0]!)).toBeLessThan(near);
    // 0 eV is channel 100
    if (method !== 'correlation') expect(Math.abs(centres[0]! - 100)).toBeLessThan(0.06);
    expect(await readBlock(made, [2, 95], [1, 10])).toEqual(values.slice(2 * channels + 95, 2 * channels + 105));
  });

  it('moves whole channels exactly, fills the ends as asked, and leaves what has no peak', async () => {
    const made = await derived(
      'align_peak',
      { position: 0, edges: 'nan' },
      mapOf(2, (pixel, i) => (pixel === 0 ? peakAt(110, i) : 3)),
    );
    const values = await readAll(made);
    expect(values[100]).toBe(1000);
    expect(values.slice(190, 200).every(Number.isNaN)).toBe(true);
    expect(values.slice(200)).toEqual(new Array(200).fill(3));
  });
});

describe('dark and white reference', () => {
  const bands = { ...plainAxis('Wavelength', 2, false), units: 'nm' };
  const line = (values: number[], pixels: number) => signalOf([plainAxis('x', pixels, true), bands], 'uint16', values);
  const data = signalOf(
    [plainAxis('y', 2, true), plainAxis('x', 2, true), bands],
    'uint16',
    [60, 110, 35, 20, 10, 10, 60, 110],
  );

  it('divides by the white of each pixel of the line', async () => {
    const white = line([110, 210, 60, 30], 2);
    const dark = line([10, 10], 1);
    const made = await derived('reflectance', { white: 'w', dark: 'd' }, data, { white: [white], dark: [dark] });
    expect(await readAll(made)).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0, 1, 5]);
    expect(made.quantity.name).toBe('Reflectance');
  });

  it('is 0 where there is no white, and refuses other channels', async () => {
    const made = await derived('reflectance', { white: 'w' }, data, { white: [line([0, 110], 1)] });
    expect((await readAll(made)).slice(0, 2)).toEqual([0, 1]);
    const three = signalOf([plainAxis('Wavelength', 3, false)], 'uint16', [1, 2, 3]);
    await expect(derived('reflectance', { white: 'w' }, data, { white: [three] })).rejects.toThrow(
      /has 3 channels, the data 2/,
    );
  });
});
