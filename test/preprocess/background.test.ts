import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import { derived, readAll, readBlock, signalOf } from './signals.ts';

/* An edge at 400 eV on a power law; numbers of HyperSpy 1.7.3 (remove_background) and SciPy. */

const energy = { ...plainAxis('Energy', 400, false), units: 'eV', offset: 200 };
const at = (i: number): number => 200 + i;
const background = Array.from({ length: 400 }, (_, i) => 1e9 * at(i) ** -2.7);
const edge = Array.from({ length: 400 }, (_, i) => (at(i) > 400 ? 50 * Math.exp(-(at(i) - 400) / 80) : 0));
const spectrum = background.map((value, i) => value + edge[i]!);
const source = signalOf([energy], 'float64', spectrum);
const remove = async (parameters: Metadata, signal = source) =>
  readAll(await derived('remove_background', parameters, signal));
const window = { start: 250, end: 390 };

describe('removing the background', () => {
  it('estimates a power law from two areas as HyperSpy does', async () => {
    const values = await remove(window);
    const expected = [-2.267618613173795, -0.2613017354737366, 43.95001121450514, 14.346891709596306];
    for (const [k, i] of [60, 190, 210, 300].entries()) expect(values[i]).toBeCloseTo(expected[k]!, 8);
  });

  it('finds a power law exactly by least squares', async () => {
    const values = await remove({ ...window, fit: 'least_squares' });
    for (let i = 0; i < 400; i++) expect(Math.abs(values[i]! - edge[i]!)).toBeLessThan(1e-4);
  });

  it('shows the background itself, and zeros before the window', async () => {
    const shown = await remove({ ...window, fit: 'least_squares', output: 'background' });
    expect(shown[300]! / background[300]!).toBeCloseTo(1, 7);
    const cut = await remove({ ...window, zero_fill: true });
    expect(cut.slice(0, 50)).toEqual(new Array(50).fill(0));
    expect(cut[51]).not.toBe(0);
  });

  const small = [1, 1.2, 1.1, 1.5, 6, 9, 5, 1.8, 1.9, 2.2, 2.1, 2.4];
  const twelve = signalOf([plainAxis('Raman shift', 12, false)], 'float64', small);

  it('fits polynomials to the window as NumPy does', async () => {
    const values = await remove({ method: 'polynomial', start: 0, end: 3, output: 'background' }, twelve);
    for (let i = 0; i < 12; i++) expect(values[i]).toBeCloseTo(0.99 + 0.14 * i, 12);
  });

  it('goes beneath peaks by asymmetric least squares, as the sparse solution does', async () => {
    const values = await remove(
      { method: 'asymmetric', smoothness: 10, asymmetry: 0.01, output: 'background' },
      twelve,
    );
    const expected = [
      0.8715889926774253, 1.02655655591347, 1.1816525301568366, 1.337178769858934, 1.4853535289856437,
      1.6185578827329896, 1.7336875527680102, 1.8350197028750104, 1.9300978092855272, 2.0229983976464725,
      2.1148183104854885, 2.206831391932572,
    ];
    for (let i = 0; i < 12; i++) expect(values[i]).toBeCloseTo(expected[i]!, 9);
  });

  it('clips peaks and keeps a straight line (SNIP)', async () => {
    const line = Array.from({ length: 200 }, () => 100);
    const peaks = line.map(
      (value, i) => value + 5000 * Math.exp(-(((i - 60) / 4) ** 2)) + 300 * Math.exp(-(((i - 140) / 5) ** 2)),
    );
    const values = await remove(
      { method: 'snip', width: 20, output: 'background' },
      signalOf([plainAxis('Energy', 200, false)], 'float64', peaks),
    );
    for (const value of values) expect(Math.abs(value - 100)).toBeLessThan(1);
  });

  it('gives the same for every part and any number of pixels, and nothing where nothing is', async () => {
    const map = signalOf([plainAxis('x', 3, true), energy], 'float32', [
      ...spectrum,
      ...spectrum.map(() => 0),
      ...spectrum,
    ]);
    const made = await derived('remove_background', window, map);
    expect(made.dtype).toBe('float32');
    const all = await readAll(made);
    expect(all.slice(400, 800)).toEqual(new Array(400).fill(0));
    expect(await readBlock(made, [2, 205], [1, 3])).toEqual(all.slice(1005, 1008));
  });

  it('says what is wrong in words', async () => {
    await expect(remove({})).rejects.toThrow(/start must be given/);
    await expect(remove({ start: 390, end: 391 })).rejects.toThrow(/Make it wider/);
    await expect(remove({ start: 1000, end: 2000 })).rejects.toThrow(/lies outside of Energy/);
    const low = signalOf([{ ...energy, offset: -10 }], 'float64', spectrum);
    await expect(remove({ start: -5, end: 20 }, low)).rejects.toThrow(/energies above 0/);
    await expect(remove(window, signalOf([energy], 'complex64', [...spectrum, ...spectrum]))).rejects.toThrow(
      /takes real numbers/,
    );
  });
});
