import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../linalg/random.ts';
import { floatData, floats, maskOf, rowOf } from '../../../../test/golden/run-step.ts';
import { closeTo, counts, decompose, gaussian, model } from './test-data.ts';
describe('noise scaling', () => {
  const x = counts(30, 20);

  it('takes empty pixels and channels as zero and gives them back as zero', async () => {
    const output = await decompose(floatData(x, [30], [20]), { normalize_poissonian_noise: true });
    expect([...floats(output, 'explained_variance')].every(Number.isFinite)).toBe(true);
    expect(rowOf(output, 'loadings', 3).every((v) => v === 0)).toBe(true);
    expect(rowOf(output, 'factors', 5).every((v) => v === 0)).toBe(true);
    const rebuilt = await model(floatData(x, [30], [20]), { normalize_poissonian_noise: true });
    closeTo(floats(rebuilt, 'model'), x, 1e-10);
  });

  it.each(['auto', 'gram', 'randomized'])(
    'has a leading singular value of exactly 1, solver %s',
    async (svd_solver) => {
      const parameters = { normalize_poissonian_noise: true, output_dimension: 3, svd_solver };
      const output = await decompose(floatData(x, [30], [20]), parameters);
      expect(floats(output, 'explained_variance')[0]).toBeCloseTo(1 / 30, 13);
    },
  );

  it('refuses negative values with their number and the lowest', async () => {
    const negative = x.slice();
    negative[7] = -2.5;
    const run = decompose(floatData(negative, [30], [20]), { normalize_poissonian_noise: true });
    await expect(run).rejects.toMatchObject({ code: 'negative-data', details: { negative: 1, min: -2.5 } });
  });
});

describe('masks', () => {
  const x = gaussian(30, 20, 11).data;
  const pixels = Array.from({ length: 30 }, (_, i) => i % 7 === 2);
  const channels = Array.from({ length: 20 }, (_, j) => j === 0 || j === 13);
  const inputs = { navigation_mask: maskOf(pixels, [5, 6]), signal_mask: maskOf(channels) };
  const keptOf = (values: Float64Array): Float64Array =>
    values.filter((_, at) => !pixels[Math.floor(at / 20)] && !channels[at % 20]);

  it('give what the decomposition of the rest gives, with holes of NaN', async () => {
    const masked = await decompose(floatData(x, [5, 6], [20], inputs));
    const rest = await decompose(floatData(keptOf(x), [26], [18]));
    closeTo(floats(masked, 'explained_variance'), floats(rest, 'explained_variance'), 1e-12);
    expect(rowOf(masked, 'loadings', 2).every(Number.isNaN)).toBe(true);
    expect(rowOf(masked, 'factors', 13).every(Number.isNaN)).toBe(true);
    closeTo(rowOf(masked, 'loadings', 3), rowOf(rest, 'loadings', 2), 1e-12);
    closeTo(rowOf(masked, 'factors', 1), rowOf(rest, 'factors', 0), 1e-12);
  });

  it('may be flattened', async () => {
    const shaped = await decompose(floatData(x, [5, 6], [20], inputs));
    const flat = { ...inputs, navigation_mask: maskOf(pixels) };
    expect(floats(await decompose(floatData(x, [5, 6], [20], flat)), 'loadings')).toEqual(floats(shaped, 'loadings'));
  });

  it('of the wrong shape are refused with both shapes', async () => {
    const swapped = { navigation_mask: maskOf(pixels, [6, 5]) };
    await expect(decompose(floatData(x, [5, 6], [20], swapped))).rejects.toThrow(/\(6, 5\); \(5, 6\) is needed/);
  });

  it('leave out values that are not numbers, which are otherwise refused with their number', async () => {
    const holes = x.slice();
    holes[2 * 20 + 4] = NaN;
    holes[9 * 20 + 13] = Infinity;
    await expect(decompose(floatData(holes, [5, 6], [20]))).rejects.toThrow(/^2 of 600 values .* 2 of 30 pixels/);
    const masked = await decompose(floatData(holes, [5, 6], [20], inputs));
    closeTo(
      floats(masked, 'loadings').filter((v) => !Number.isNaN(v)),
      floats(await decompose(floatData(x, [5, 6], [20], inputs)), 'loadings').filter((v) => !Number.isNaN(v)),
      1e-12,
    );
  });

  it('that leave one pixel are refused', async () => {
    const one = { navigation_mask: maskOf(pixels.map((_, i) => i !== 4)) };
    await expect(decompose(floatData(x, [5, 6], [20], one))).rejects.toMatchObject({ code: 'too-few-samples' });
  });

  it('that leave no channel are refused', async () => {
    const none = { signal_mask: maskOf(channels.map(() => true)) };
    await expect(decompose(floatData(x, [5, 6], [20], none))).rejects.toThrow(/All 20 channels are masked/);
  });
});

describe.each([
  { name: 'plain', parameters: {}, size: [30, 20] },
  { name: 'fewer pixels than channels', parameters: {}, size: [20, 30] },
  { name: 'noise scaling', parameters: { normalize_poissonian_noise: true }, size: [30, 20] },
  { name: 'noise scaling, fewer pixels', parameters: { normalize_poissonian_noise: true }, size: [20, 30] },
  { name: 'mean spectrum subtracted', parameters: { centre: 'navigation' }, size: [30, 20] },
  { name: 'means of spectra subtracted', parameters: { centre: 'signal' }, size: [30, 20] },
])('reprojection, $name', ({ parameters, size }) => {
  // Data of exactly three components: what is left out must come back exactly.
  const [pixels, channels] = size as [number, number];
  const random = createRandom(12);
  const [w, f] = [
    gaussian(pixels, 2, 13).data.map((v) => Math.abs(v)),
    gaussian(channels, 2, 14).data.map((v) => Math.abs(v)),
  ];
  const x = Float64Array.from({ length: pixels * channels }, (_, at) => {
    const [i, j] = [Math.floor(at / channels), at % channels];
    return 5 + w[2 * i]! * f[2 * j]! + w[2 * i + 1]! * f[2 * j + 1]!;
  });
  const inputs = {
    navigation_mask: maskOf(Array.from({ length: pixels }, () => random.uniform() < 0.25)),
    signal_mask: maskOf(Array.from({ length: channels }, () => random.uniform() < 0.25)),
  };
  const data = floatData(x, [pixels], [channels], inputs);

  it('of both sides rebuilds all data, also where they were left out', async () => {
    const output = await model(data, { ...parameters, output_dimension: 4, reproject: 'both' });
    const rebuilt = floats(output, 'model');
    expect(rebuilt.some(Number.isNaN)).toBe(false);
    closeTo(rebuilt, x, 1e-9);
  });

  it('of the pixels fills the loadings only', async () => {
    const output = await decompose(data, { ...parameters, reproject: 'navigation', output_dimension: 3 });
    expect(floats(output, 'loadings').some(Number.isNaN)).toBe(false);
    expect(floats(output, 'factors').some(Number.isNaN)).toBe(true);
  });

  it('of the channels fills the factors only', async () => {
    const output = await decompose(data, { ...parameters, reproject: 'signal', output_dimension: 3 });
    expect(floats(output, 'loadings').some(Number.isNaN)).toBe(true);
    expect(floats(output, 'factors').some(Number.isNaN)).toBe(false);
  });

  it('nowhere leaves the model undefined exactly where data were left out', async () => {
    const rebuilt = floats(await model(data, { ...parameters, output_dimension: 4 }), 'model');
    const expected = x.map((v, at) =>
      inputs.navigation_mask.data[Math.floor(at / channels)] || inputs.signal_mask.data[at % channels] ? NaN : v,
    );
    closeTo(
      rebuilt.filter((v) => !Number.isNaN(v)),
      expected.filter((v) => !Number.isNaN(v)),
      1e-9,
    );
    expect(rebuilt.map(Number.isNaN as never)).toEqual(expected.map(Number.isNaN as never));
  });
});

describe('the mean', () => {
  const x = gaussian(20, 12, 15).data;
  const inputs = {
    navigation_mask: maskOf(Array.from({ length: 20 }, (_, i) => i < 3)),
    signal_mask: maskOf(Array.from({ length: 12 }, (_, j) => j === 4)),
  };
  const average = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;

  it('spectrum has full length, masked channels with their own mean over the kept pixels', async () => {
    const output = await decompose(floatData(x, [20], [12], inputs), { centre: 'navigation' });
    expect(output.arrays.mean?.shape).toEqual([1, 12]);
    const expected = Array.from({ length: 12 }, (_, j) =>
      average(Array.from({ length: 17 }, (_, i) => x[(i + 3) * 12 + j]!)),
    );
    closeTo(floats(output, 'mean'), expected, 1e-13);
  });

  it('of each spectrum has full length, masked pixels with their own mean over the kept channels', async () => {
    const output = await decompose(floatData(x, [20], [12], inputs), { centre: 'signal' });
    expect(output.arrays.mean?.shape).toEqual([20, 1]);
    const expected = Array.from({ length: 20 }, (_, i) =>
      average([...x.subarray(i * 12, i * 12 + 12)].filter((_, j) => j !== 4)),
    );
    closeTo(floats(output, 'mean'), expected, 1e-13);
  });
});
