import { describe, expect, it } from 'vitest';
import { floatData, floats, maskOf, runSteps, sharedSource, type TestData } from '../../../../test/golden/run-step.ts';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import type { InputArray, Job, RunInput } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { Axis } from '../../../model/axes.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { partition } from '../../../passes/partition.ts';
import { mergeInOrder, runPart } from '../../../passes/run-part.ts';
import { defaultValues } from '../../../specs/validate.ts';
import { run } from './run.ts';
import { fitPeaks } from './spec.ts';

type Parameters = Readonly<Record<string, unknown>>;
type Peak = readonly [position: number, sigma: number, height: number];

const gauss = (x: number, [c, s, h]: Peak): number => h * Math.exp(-((x - c) ** 2) / (2 * s * s));

/** Spectra over channels 0 … m−1: peaks of each pixel on a background, with noise. */
function spectra(
  pixels: number,
  m: number,
  peaksOf: (pixel: number) => readonly Peak[],
  background: (x: number) => number = () => 0,
  noise: (value: number) => number = (value) => value,
): Float64Array {
  return Float64Array.from({ length: pixels * m }, (_, at) => {
    const [pixel, x] = [Math.floor(at / m), at % m];
    return noise(peaksOf(pixel).reduce((sum, peak) => sum + gauss(x, peak), background(x)));
  });
}

const fit = (data: TestData, parameters: Parameters = {}, options = {}) =>
  runSteps(data, [{ do: 'fit_peaks', parameters }], options);
const mapOf = (output: Awaited<ReturnType<typeof fit>>, name = 'parameter_maps', row = 0): number[] => {
  const p = output.arrays[name]!.shape[1]!;
  return [...floats(output, name).subarray(row * p, (row + 1) * p)];
};
/** With calibrated axes, which runSteps does not pass on. */
const fitWithAxis = (values: Float64Array, axis: Partial<Axis>, parameters: Parameters): ReturnType<typeof run> => {
  const m = axis.size!;
  const input: RunInput = {
    data: sharedSource(values, 'float64', values.length / m, m),
    navigationShape: [values.length / m],
    signalShape: [m],
    inputs: {},
    axes: [
      { name: 'x', units: null, size: values.length / m, navigate: true, scale: 1, offset: 0 },
      { name: 'energy', units: 'eV', navigate: false, scale: 1, offset: 0, size: m, ...axis },
    ],
  };
  return run(input, { ...defaultValues(fitPeaks.params), ...parameters }, createLocalJob());
};
const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** Counts of a Poisson process of this mean, by adding exponential waiting times. */
function poisson(random: ReturnType<typeof createRandom>, mean: number): number {
  let count = -1;
  for (let t = 0; t < mean; count++) t -= Math.log(1 - random.uniform());
  return Math.max(0, count);
}

describe('fitting peaks', () => {
  const two = (i: number): Peak[] => [
    [30 + 0.3 * i, 3, 100 + i],
    [70 - 0.2 * i, 5, 50],
  ];

  it.each([
    ['none', () => 0, [], undefined],
    ['linear', (x: number) => 20 + 0.5 * x, [20 + 0.5 * 49.5, 0.5], ['background', 'slope']],
  ])('finds exact peaks without noise on background %s to 8 digits', async (background, of, found, names) => {
    const output = await fit(floatData(spectra(12, 100, two, of), [3, 4], [100]), {
      n_peaks: 2,
      background,
      width: 'sigma',
    });
    expect(output.arrays.parameter_maps!.shape).toEqual([12, 6]);
    for (let i = 0; i < 12; i++) {
      two(i)
        .flat()
        .forEach((value, j) => expect(mapOf(output, 'parameter_maps', i)[j]! / value).toBeCloseTo(1, 8));
      found.forEach((value, j) => expect(mapOf(output, 'background_maps', i)[j]! / value).toBeCloseTo(1, 7));
    }
    expect(JSON.parse(output.scalars.parameter_names as string)).toEqual([
      'position 1',
      'width 1',
      'height 1',
      'position 2',
      'width 2',
      'height 2',
    ]);
    expect(output.scalars.background_names).toBe(names && JSON.stringify(names));
    expect(output.scalars).toMatchObject({ n_peaks: 2, failed_fits: 0 });
    expect([...output.arrays.converged!.data]).toEqual(new Array(12).fill(1));
    floats(output, 'residual_rms').forEach((rms) => expect(rms).toBeLessThan(1e-5));
  });

  it('finds a peak on a power law', async () => {
    const axis = { size: 120, scale: 2, offset: 300 };
    const values = Float64Array.from({ length: 240 }, (_, at) => {
      const x = 300 + 2 * (at % 120);
      return 5e9 * x ** -2.7 + gauss(x, [400 + 3 * Math.floor(at / 120), 12, 200]);
    });
    const output = await fitWithAxis(values, axis, { background: 'power_law', positions: [400], width: 'sigma' });
    for (const i of [0, 1]) {
      [400 + 3 * i, 12, 200].forEach((v, j) => expect(mapOf(output, 'parameter_maps', i)[j]! / v).toBeCloseTo(1, 6));
      expect(mapOf(output, 'background_maps', i)[1]).toBeCloseTo(2.7, 6);
      expect(mapOf(output, 'background_maps', i)[0]! / (5e9 * 419 ** -2.7)).toBeCloseTo(1, 6);
    }
  });

  it.each([
    [0.1, 5],
    [-0.1, 15],
  ])('gives positions and widths in units of the axis (scale %s)', async (scale, offset) => {
    const values = Float64Array.from({ length: 100 }, (_, j) => gauss(offset + scale * j, [9, 0.5, 10]));
    const output = await fitWithAxis(values, { size: 100, scale, offset }, {});
    expect(mapOf(output)[0]).toBeCloseTo(9, 8);
    expect(mapOf(output)[1]).toBeCloseTo(0.5 * 2.354820045, 7);
    expect(mapOf(output)[2]).toBeCloseTo(10, 7);
  });

  it('follows the coordinates of an axis that is not uniform', async () => {
    const xs = Array.from({ length: 80 }, (_, j) => 1 + 0.05 * j + 0.0008 * j * j);
    const values = Float64Array.from(xs, (x) => 3 + gauss(x, [4, 0.4, 7]));
    const output = await fitWithAxis(values, { size: 80, values: xs }, { width: 'sigma' });
    [4, 0.4, 7].forEach((v, j) => expect(mapOf(output)[j]).toBeCloseTo(v, 7));
  });

  // Landman, Roussel-Dupré & Tanigawa, Astrophys. J. 261, 732 (1982): smallest possible variances of a Gaussian in white noise
  // n on channels d apart: σ_c² = σ_s² = 2 s d n² / (√π h²), σ_h² = 3 d n² / (2 √π s)
  it('reaches the Cramér–Rao bound in white noise, and says so', async () => {
    const [pixels, m, s, h, n] = [1500, 60, 4, 50, 1];
    const random = createRandom(1);
    const values = spectra(
      pixels,
      m,
      () => [[28.3, s, h]],
      undefined,
      (v) => v + n * random.gaussian(),
    );
    const output = await fit(floatData(values, [pixels], [m]), { background: 'none', width: 'sigma' });
    const bounds = [
      Math.sqrt((2 * s) / Math.sqrt(Math.PI)) / h,
      Math.sqrt((2 * s) / Math.sqrt(Math.PI)) / h,
      Math.sqrt(3 / (2 * Math.sqrt(Math.PI) * s)),
    ];
    [28.3, s, h].forEach((truth, j) => {
      const off = Array.from({ length: pixels }, (_, i) => mapOf(output, 'parameter_maps', i)[j]! - truth);
      // the spread of 1500 draws is known to 2 %; bias far below the spread
      expect(deviation(off) / bounds[j]!).toBeGreaterThan(0.92);
      expect(deviation(off) / bounds[j]!).toBeLessThan(1.08);
      expect(Math.abs(off.reduce((sum, v) => sum + v, 0) / pixels)).toBeLessThan(0.1 * bounds[j]!);
      const told = Array.from({ length: pixels }, (_, i) => mapOf(output, 'parameter_errors', i)[j]!);
      expect(deviation(told) / bounds[j]!).toBeCloseTo(1, 1);
    });
    expect(deviation([...floats(output, 'residual_rms')])).toBeCloseTo(n, 1);
  });

  it('reaches the bound for counts with weights for counts, and not without', async () => {
    const [pixels, m] = [800, 60];
    const random = createRandom(2);
    const peak: Peak = [30, 3, 40];
    const mean = (x: number): number => 1 + gauss(x, peak);
    const values = spectra(
      pixels,
      m,
      () => [peak],
      () => 1,
      (v) => poisson(random, v),
    );
    // Fisher information of the position alone (position is orthogonal to the even parameters but the slope)
    let [cc, cb, bb] = [0, 0, 0];
    for (let x = 0; x < m; x++) {
      const [dc, db] = [(gauss(x, peak) * (x - 30)) / 9, x - 30];
      cc += (dc * dc) / mean(x);
      cb += (dc * db) / mean(x);
      bb += (db * db) / mean(x);
    }
    const bound = 1 / Math.sqrt(cc - (cb * cb) / bb);
    const spread = async (weights: string): Promise<number> => {
      const output = await fit(floatData(values, [pixels], [m]), { weights });
      expect(output.scalars.failed_fits).toBe(0);
      return deviation(Array.from({ length: pixels }, (_, i) => mapOf(output, 'parameter_maps', i)[0]! - 30)) / bound;
    };
    const [weighted, plain] = [await spread('poisson'), await spread('uniform')];
    expect(weighted).toBeGreaterThan(0.9);
    expect(weighted).toBeLessThan(1.1);
    expect(plain).toBeGreaterThan(weighted * 1.03);
  });

  it('solves the likelihood equations of counts', async () => {
    const random = createRandom(8);
    const m = 50;
    const values = spectra(
      1,
      m,
      () => [[24, 3, 30]],
      () => 4,
      (v) => poisson(random, v),
    );
    const output = await fit(floatData(values, [1], [m]), { weights: 'poisson', width: 'sigma', tol: 1e-10 });
    const [c, s, h] = mapOf(output) as [number, number, number];
    const [b0, b1] = mapOf(output, 'background_maps') as [number, number];
    const score = [0, 0, 0, 0, 0];
    const scale = [0, 0, 0, 0, 0];
    values.forEach((y, x) => {
      const g = gauss(x, [c, s, h]);
      const mu = g + b0 + b1 * (x - (m - 1) / 2);
      const slopes = [(g * (x - c)) / s ** 2, (g * (x - c) ** 2) / s ** 3, g / h, 1, x - (m - 1) / 2];
      slopes.forEach((d, j) => {
        score[j]! += ((y - mu) / mu) * d;
        scale[j]! += (d * d) / mu;
      });
    });
    score.forEach((v, j) => expect(Math.abs(v) / Math.sqrt(scale[j]!)).toBeLessThan(1e-5));
  });

  it('finds a peak on a tail that falls to a thousandth', async () => {
    const axis = { offset: 10, scale: 0.5, size: 181 };
    const values = Float64Array.from({ length: 181 }, (_, j) => {
      const x = 10 + 0.5 * j;
      return 1000 * (x / 10) ** -3 + gauss(x, [60, 2, 2]);
    });
    const output = await fitWithAxis(values, axis, { background: 'power_law', width: 'sigma' });
    [60, 2, 2].forEach((value, at) => expect(mapOf(output)[at]).toBeCloseTo(value, 6));
    expect(mapOf(output, 'background_maps')[1]).toBeCloseTo(3, 6);
  });

  // scipy.optimize.minimize of the Poisson likelihood: 29.48936, 1.14617, 16.3590
  it('finds them for a handful of counts too, where weights from the fit and the fit go to and fro', async () => {
    const counts = new Float64Array(60);
    counts.set([2, 3, 24, 10, 4, 4], 27);
    const parameters = { weights: 'poisson', width: 'sigma', background: 'none' };
    const [position, width, height] = mapOf(await fit(floatData(counts, [1], [60]), parameters));
    expect(Math.abs(position! - 29.48936)).toBeLessThan(1e-3);
    expect(Math.abs(width! - 1.14617)).toBeLessThan(5e-3);
    expect(Math.abs(height! / 16.359 - 1)).toBeLessThan(5e-3);
  });

  it('follows peaks far from their place in the mean spectrum', async () => {
    const random = createRandom(4);
    const values = spectra(
      100,
      120,
      (i) => [[20 + 0.8 * i, 2, 30]],
      (x) => 5 + 0.02 * x,
      (v) => v + random.gaussian(),
    );
    const output = await fit(floatData(values, [100], [120]), { positions: [60] });
    for (let i = 0; i < 100; i++)
      expect(Math.abs(mapOf(output, 'parameter_maps', i)[0]! - 20 - 0.8 * i)).toBeLessThan(0.6);
  });

  it('tells two groups of pixels apart by the position of their peaks', async () => {
    const random = createRandom(6);
    const values = spectra(
      200,
      100,
      (i) => [
        [i % 2 === 0 ? 28 : 32, 3, 10 + (i % 7)],
        [70, 4, 10 + (i % 7)],
      ],
      () => 2,
      (v) => v + 0.3 * random.gaussian(),
    );
    const output = await runSteps(floatData(values, [200], [100]), [{ do: 'fit_peaks', parameters: { n_peaks: 2 } }]);
    const maps = output.arrays.parameter_maps!;
    const data = floatData(values, [200], [100], {
      cluster_source: { shape: maps.shape, dtype: 'float64', data: maps.data as Float64Array },
    });
    const parameters = { preprocessing: 'norm', n_components: 2, n_init: 10 };
    const mixture = await runSteps(data, [{ do: 'gaussian_mixture', parameters }]);
    const labels = mixture.arrays.labels!.data;
    expect(new Set(labels).size).toBe(2);
    labels.forEach((label, i) => expect(label).toBe(labels[i % 2]));
  });

  it('gives maps of which clusters tell that there are two groups', async () => {
    const random = createRandom(6);
    const peaksOf = (i: number): Peak[] => [
      [i % 2 === 0 ? 28 : 32, 3, 10],
      [70, 4, 10],
    ];
    const noisy = (v: number): number => v + 0.2 * random.gaussian();
    const values = spectra(200, 100, peaksOf, () => 2, noisy);
    const output = await fit(floatData(values, [200], [100]), { n_peaks: 2 });
    const maps = output.arrays.parameter_maps!;
    const data = floatData(values, [200], [100], {
      cluster_source: { shape: maps.shape, dtype: 'float64', data: maps.data as Float64Array },
    });
    const parameters = { preprocessing: 'norm', metric: 'silhouette', max_clusters: 5 };
    const { scalars } = await runSteps(data, [{ do: 'estimate_number_of_clusters', parameters }]);
    expect(scalars.best_k).toBe(2);
  });

  it('has the same bits in whatever order threads run the parts', async () => {
    const random = createRandom(7);
    const values = spectra(
      1000,
      100,
      () => [[40, 4, 20]],
      () => 2,
      (v) => v + random.gaussian(),
    );
    const input: RunInput = {
      data: sharedSource(values, 'float64', 1000, 100),
      navigationShape: [1000],
      signalShape: [100],
      inputs: {},
    };
    const local = createLocalJob();
    let parts = 0;
    const backwards: Job = {
      ...local,
      run(pass, view, shared) {
        const cut = partition(view, pass, shared);
        parts = cut.length;
        const states = cut.toReversed().map((part) => runPart(pass, view, shared, part, local.control));
        return Promise.resolve(mergeInOrder(pass, states.toReversed()));
      },
    };
    const found = await run(input, defaultValues(fitPeaks.params), backwards);
    expect(parts).toBeGreaterThan(2);
    expect(found).toEqual(await run(input, defaultValues(fitPeaks.params), local));
  });
});

describe('degenerate spectra', () => {
  const m = 40;
  const good = spectra(
    6,
    m,
    () => [[20, 3, 10]],
    () => 1,
  );

  it('are empty and counted: NaN, nothing at all, a constant', async () => {
    const values = good.slice();
    values[7] = NaN;
    values.fill(0, m, 2 * m);
    values.fill(5, 2 * m, 3 * m);
    const output = await fit(floatData(values, [6], [m]), { weights: 'uniform' });
    expect([...output.arrays.converged!.data]).toEqual([0, 0, 0, 1, 1, 1]);
    for (const i of [0, 1, 2]) expect(mapOf(output, 'parameter_maps', i)).toEqual([NaN, NaN, NaN]);
    expect(mapOf(output, 'parameter_maps', 3)[0]).toBeCloseTo(20, 7);
    expect(floats(output, 'residual_rms')[1]).toBeNaN();
    expect(output.scalars).toMatchObject({ failed_fits: 0, pixels_without_peaks: 2 });
    expect(output.notes.join(' ')).toMatch(/1 of 6 pixels hold values.*|2 of 6 pixels have no peak/);
  });

  it('with a peak missing have height 0 and no position there, and the other peak as ever', async () => {
    const values = spectra(
      8,
      80,
      (i) =>
        i === 3
          ? [[20, 3, 10]]
          : [
              [20, 3, 10],
              [60, 3, 10],
            ],
      (x) => 3 + 0.1 * x,
    );
    const output = await fit(floatData(values, [8], [80]), { n_peaks: 2 });
    const map = mapOf(output, 'parameter_maps', 3);
    expect(map[0]).toBeCloseTo(20, 5);
    expect(map.slice(3)).toEqual([NaN, NaN, 0]);
    expect(output.scalars.absent_peaks).toBe(1);
  });

  it('are left out where masked, in pixels and channels', async () => {
    const values = good.slice();
    for (let i = 0; i < 6; i++) values[i * m + 5] = NaN;
    const inputs: Record<string, InputArray> = {
      navigation_mask: maskOf([true, false, false, false, false, false]),
      signal_mask: maskOf(Array.from({ length: m }, (_, j) => j === 5)),
    };
    const output = await fit(floatData(values, [6], [m], inputs));
    expect(mapOf(output)).toEqual([NaN, NaN, NaN]);
    expect(mapOf(output, 'parameter_maps', 1)[0]).toBeCloseTo(20, 7);
    expect([...output.arrays.converged!.data]).toEqual([0, 1, 1, 1, 1, 1]);
  });

  it('are the same as float32 and whole numbers, within their digits', async () => {
    const single = { ...floatData(good, [6], [m]), source: sharedSource(Float32Array.from(good), 'float32', 6, m) };
    expect(mapOf(await fit(single))[0]).toBeCloseTo(20, 5);
    const counts = Uint16Array.from(good, (v) => Math.round(1000 * v));
    const whole = { ...floatData(good, [6], [m]), source: sharedSource(counts, 'uint16', 6, m) };
    expect(mapOf(await fit(whole, { weights: 'poisson' }))[0]).toBeCloseTo(20, 2);
  });

  it('that do not settle are empty', async () => {
    const output = await fit(floatData(good, [6], [m]), { max_iter: 1, positions: [17] });
    expect(output.scalars.failed_fits).toBe(6);
    expect(mapOf(output)).toEqual([NaN, NaN, NaN]);
    expect(output.notes.join()).toContain('Raise max_iter');
  });

  it('can be a single one', async () => {
    expect(mapOf(await fit(floatData(good.slice(0, m), [], [m])))[0]).toBeCloseTo(20, 7);
  });
});

describe('what cannot be fitted is refused', () => {
  const m = 40;
  const data = (): TestData =>
    floatData(
      spectra(
        4,
        m,
        () => [[20, 3, 10]],
        () => 1,
      ),
      [4],
      [m],
    );

  it.each([
    [{ n_peaks: 2 }, /n_peaks asks for 2 peaks, but 1 stand.*at 20/],
    [{ n_peaks: 0 }, /n_peaks must be a whole number from 1 to 20/],
    [{ positions: [50] }, /positions must lie among the channels, which reach from 0 to 39; got 50/],
    [{ window: [30, 20] }, /window must be the smaller coordinate/],
    [{ window: [100, 200] }, /window must overlap with the channels/],
    [{ window: [18, 21] }, /need at least 6 channels; 4 take part/],
    [{ window: [10, 20], positions: [25] }, /positions must lie in the window from 10 to 20; got 25/],
    [{ positions: [20, 20] }, /got 20 twice/],
    [{ background: 'cubic' }, /background must be .*linear/],
    [{ background: 'power_law' }, /background must not be a power law/],
    [{ tol: 1 }, /tol must be/],
  ])('%j', async (parameters, message) => {
    await expect(
      fit(data(), parameters).then((output) => {
        throw new Error(`Accepted: ${JSON.stringify(output.scalars)}`);
      }),
    ).rejects.toThrow(message);
  });

  it('two signal axes, negative counts, and no numbers at all', async () => {
    await expect(fit(floatData(new Float64Array(64), [4], [4, 4]))).rejects.toMatchObject({ code: 'shape-mismatch' });
    const negative = spectra(
      4,
      m,
      () => [[20, 3, 10]],
      () => -1,
    );
    await expect(fit(floatData(negative, [4], [m]), { weights: 'poisson' })).rejects.toMatchObject({
      code: 'negative-data',
    });
    await expect(fit(floatData(new Float64Array(4 * m).fill(NaN), [4], [m]))).rejects.toMatchObject({
      code: 'not-finite',
    });
    const masked = floatData(new Float64Array(4 * m), [4], [m], { navigation_mask: maskOf([true, true, true, true]) });
    await expect(fit(masked)).rejects.toMatchObject({ code: 'all-masked' });
  });

  it('stops when cancelled', async () => {
    const control = createControlBlock();
    requestStop(control, 'cancel');
    await expect(fit(data(), {}, { control: openControl(control) })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
