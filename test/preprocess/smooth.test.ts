import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import { derived, readAll, readBlock, signalOf } from './signals.ts';

/* Numbers from SciPy 1.14 (savgol_filter, gaussian_filter1d, median_filter) and NumPy (gradient). */

const line = [1, 4, 2, 8, 5, 7, 1, 3, 9, 6];
const energy = { ...plainAxis('Energy', 10, false), scale: 2, units: 'eV' };
const uneven = { ...energy, values: [0, 1, 2.5, 3, 5, 6, 8, 9, 9.5, 11] };
const one = signalOf([energy], 'float64', line);

const expectClose = (found: number[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 9);
};

describe('smoothing', () => {
  it('fits polynomials as SciPy does, its ends too', async () => {
    expectClose(
      await readAll(await derived('smooth', {}, one)),
      [
        1.0285714285714265, 3.0857142857142836, 4.5714285714285685, 5.34285714285714, 7.314285714285711,
        4.514285714285711, 2.714285714285711, 3.771428571428568, 5.08571428571428, 7.828571428571422,
      ],
    );
  });

  it('weighs with a Gaussian as SciPy does', async () => {
    expectClose(
      await readAll(await derived('smooth', { method: 'gaussian', sigma: 1.3 }, one)),
      [
        2.263595398874905, 2.97682853214552, 4.102774925413008, 5.14287273891894, 5.418824694314312, 4.815431689395347,
        4.229167409365072, 4.707517046416151, 5.840177812251471, 6.502809752905275,
      ],
    );
  });

  it('takes medians as SciPy does, and lets NaN through', async () => {
    const values = await readAll(await derived('smooth', { method: 'median' }, one));
    expect(values).toEqual([2, 2, 4, 5, 5, 5, 5, 6, 6, 6]);
    const broken = await readAll(
      await derived('smooth', { method: 'median' }, signalOf([energy], 'float64', line.with(3, NaN))),
    );
    expect(broken[3]).toBeNaN();
  });

  it('leaves a polynomial of its order as it is, in float32 too, for every pixel and part', async () => {
    const map = [plainAxis('x', 3, true), energy];
    const values = Array.from({ length: 30 }, (_, i) => (i % 10) ** 2 + Math.floor(i / 10));
    const made = await derived('smooth', { window_length: 7 }, signalOf(map, 'float32', values));
    expect(made.dtype).toBe('float32');
    expectClose(
      (await readAll(made)).map((v) => Math.round(v * 1e4) / 1e4),
      values,
    );
    expectClose(await readBlock(made, [1, 3], [2, 2]).then((v) => v.map(Math.round)), [10, 17, 11, 18]);
  });

  it('says what is wrong with its window', async () => {
    await expect(derived('smooth', { window_length: 4 }, one)).rejects.toThrow(/must be odd/);
    await expect(derived('smooth', { window_length: 11 }, one)).rejects.toThrow(/more than the 10 channels/);
    await expect(derived('smooth', { window_length: 5, polynomial_order: 5 }, one)).rejects.toThrow(/below the window/);
    const image = signalOf([plainAxis('y', 2, false), plainAxis('x', 5, false)], 'float64', line);
    await expect(derived('smooth', {}, image)).rejects.toThrow(/say which of y, x/);
    expect((await readAll(await derived('smooth', { axis: 'x' }, image))).length).toBe(10);
  });
});

describe('derivatives', () => {
  it('takes differences on the coordinates as NumPy does, even or not', async () => {
    expectClose(
      await readAll(await derived('derivative', {}, signalOf([uneven], 'float64', line))),
      [
        3, 1.2666666666666666, 8.666666666666668, 9.3, 0.833333333333333, 0.3333333333333336, 0.3333333333333335,
        8.666666666666666, 8.5, -2,
      ],
    );
    const second = await derived('derivative', { order: 2 }, one);
    expectClose(
      await readAll(second),
      [-0.625, -0.125, 0.125, -0.3125, -0.4375, -0.1875, 0.75, 0.4375, -0.875, -1.125],
    );
    expect(second.quantity.name).toMatch(/Derivative 2/);
  });

  it('takes them of fitted polynomials as SciPy does', async () => {
    const half = signalOf([{ ...energy, scale: 0.5 }], 'float64', line);
    const parameters = { order: 2, method: 'savitzky_golay', window_length: 7, polynomial_order: 3 };
    expectClose(
      await readAll(await derived('derivative', parameters, half)),
      [
        7.904761904761852, 3.9047619047618674, -0.0952380952381171, -4.095238095238093, -2.857142857142856,
        0.8571428571428594, 3.42857142857143, 2.0952380952380985, 0.7619047619047761, -0.5714285714285463,
      ],
    );
    await expect(derived('derivative', parameters, signalOf([uneven], 'float64', line))).rejects.toThrow(/uneven/);
    await expect(derived('derivative', { ...parameters, polynomial_order: 1 }, half)).rejects.toThrow(
      /at least the order 2/,
    );
  });
});

describe('normalisation', () => {
  const values = async (parameters: Record<string, number | string>) =>
    readAll(await derived('normalize', parameters, one));

  it('brings spectra to one size', async () => {
    expectClose(
      await values({}),
      line.map((v) => v / 46),
    );
    expectClose(
      await values({ method: 'max' }),
      line.map((v) => v / 9),
    );
    expectClose(
      await values({ method: 'l2' }),
      line.map((v) => v / Math.sqrt(286)),
    );
    expectClose(
      await values({ method: 'minmax' }),
      line.map((v) => (v - 1) / 8),
    );
    // mean 4.6, squares about it 74.4
    expectClose(
      await values({ method: 'snv' }),
      line.map((v) => (v - 4.6) / Math.sqrt(74.4 / 9)),
    );
  });

  it('takes the size from a range of channels, and leaves what has none', async () => {
    expectClose(
      await values({ method: 'max', start: 12, end: 14 }),
      line.map((v) => v / 3),
    );
    const empty = signalOf([energy], 'uint16', new Array<number>(10).fill(0));
    expect(await readAll(await derived('normalize', {}, empty))).toEqual(new Array(10).fill(0));
    await expect(values({ start: 100, end: 200 })).rejects.toThrow(/outside of Energy, which goes from 0 to 18 eV/);
  });
});
