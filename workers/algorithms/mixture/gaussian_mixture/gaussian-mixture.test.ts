import { describe, expect, it } from 'vitest';
import { floatData, floats, maskOf, runSteps, sharedSource, type TestData } from '../../../../test/golden/run-step.ts';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { partition } from '../../../passes/partition.ts';
import { mergeInOrder, runPart } from '../../../passes/run-part.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { InputArray, Job } from '../../../job.ts';
import { fitMixture } from '../pipeline/fit.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** Rows of three round clouds of deviation 1 about (0,0), (12,0), (0,20), of 60, 30 and 10 % of the rows. */
function clouds(n: number): { x: Float64Array; truth: Int32Array } {
  const random = createRandom(5);
  const centres = [0, 0, 12, 0, 0, 20];
  const truth = Int32Array.from({ length: n }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2));
  const x = new Float64Array(2 * n);
  truth.forEach((c, i) => {
    for (const j of [0, 1]) x[2 * i + j] = centres[2 * c + j]! + random.gaussian();
  });
  return { x, truth };
}

const n = 1000;
const { x, truth } = clouds(n);
const cloudData = (inputs: Record<string, InputArray> = {}): TestData => floatData(x.slice(), [n], [2], inputs);
const mixture = (data: TestData, parameters: Parameters, options = {}) =>
  runSteps(data, [{ do: 'gaussian_mixture', parameters }], options);
const labelsOf = (output: Awaited<ReturnType<typeof mixture>>): number[] => [
  ...(output.arrays.labels!.data as Int32Array),
];
const types = ['full', 'tied', 'diag', 'spherical'];

describe.each(types)('a mixture with %s covariances', (covariance_type) => {
  it('finds clouds that are apart: weights within the counts, means within 5 standard errors', async () => {
    const output = await mixture(cloudData(), { n_components: 3, covariance_type, n_init: 3 });
    expect(labelsOf(output)).toEqual([...truth]);
    [0.6, 0.3, 0.1].forEach((weight, c) => expect(floats(output, 'weights')[c]).toBeCloseTo(weight, 6));
    [0, 0, 12, 0, 0, 20].forEach((mean, at) => {
      const error = 5 / Math.sqrt(n * [0.6, 0.3, 0.1][Math.floor(at / 2)]!);
      expect(Math.abs(floats(output, 'means')[at]! - mean)).toBeLessThan(error);
    });
  });

  it('never loses likelihood from one iteration to the next', async () => {
    const values: number[] = [];
    const control = {
      ...openControl(createControlBlock()),
      objective: (_: number, value: number) => values.push(value),
    };
    const parameters = { n_components: 4, covariance_type, init_params: 'random', tol: 1e-9, reg_covar: 1e-12 };
    await mixture(cloudData(), parameters, { control });
    expect(values.length).toBeGreaterThan(5);
    values.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(values[i]! - 1e-10));
  });

  it('has probabilities that sum to one, and their entropy', async () => {
    const output = await mixture(cloudData(), { n_components: 5, covariance_type });
    const proba = floats(output, 'predict_proba');
    floats(output, 'entropy').forEach((h, i) => {
      const own = proba.subarray(5 * i, 5 * i + 5);
      expect(own.reduce((sum, r) => sum + r, 0)).toBeCloseTo(1, 12);
      expect(h).toBeCloseTo(-own.reduce((sum, r) => sum + (r > 0 ? r * Math.log(r) : 0), 0), 12);
    });
  });

  it('of one component is the mean and the covariance of the data', async () => {
    const output = await mixture(cloudData(), { covariance_type, reg_covar: 0 });
    const mean = [0, 1].map((j) => x.reduce((sum, value, at) => (at % 2 === j ? sum + value / n : sum), 0));
    const cov = (a: number, b: number): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (x[2 * i + a]! - mean[a]!) * (x[2 * i + b]! - mean[b]!);
      return sum / n;
    };
    mean.forEach((value, j) => expect(floats(output, 'means')[j]).toBeCloseTo(value, 9));
    const whole = [cov(0, 0), cov(0, 1), cov(0, 1), cov(1, 1)];
    const expected = {
      full: whole,
      tied: whole,
      diag: [cov(0, 0), cov(1, 1)],
      spherical: [(cov(0, 0) + cov(1, 1)) / 2],
    }[covariance_type]!;
    expected.forEach((value, at) => expect(floats(output, 'covariances')[at]).toBeCloseTo(value, 8));
  });

  it('of a single column has the mean and the variance of that column', async () => {
    const column = x.filter((_, at) => at % 2 === 0);
    const output = await mixture(floatData(column, [n], [1]), { covariance_type, reg_covar: 0 });
    const mean = column.reduce((sum, value) => sum + value / n, 0);
    expect(floats(output, 'means')[0]).toBeCloseTo(mean, 9);
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0);
    expect(floats(output, 'covariances')[0]).toBeCloseTo(variance, 8);
  });

  it.each(['k-means++', 'random_from_data'])(
    'starts from %s without anything added to variances',
    async (init_params) => {
      const output = await mixture(cloudData(), {
        n_components: 3,
        covariance_type,
        init_params,
        reg_covar: 0,
        n_init: 10,
      });
      expect(labelsOf(output)).toEqual([...truth]);
    },
  );

  it('keeps its digits when the clouds are far from zero and small against their distance', async () => {
    const far = x.map((value) => 1e4 + 1e-2 * value);
    const parameters = { n_components: 3, covariance_type, reg_covar: 0, n_init: 3, tol: 1e-10 };
    const near = await mixture(cloudData(), parameters);
    const moved = await mixture(floatData(far, [n], [2]), parameters);
    expect(labelsOf(moved)).toEqual(labelsOf(near));
    // densities grow by the volume: ln(10⁴) more per row
    const expected = (near.scalars.log_likelihood as number) + 2 * Math.log(100);
    expect(moved.scalars.log_likelihood).toBeCloseTo(expected, 6);
  });
});

describe('a Gaussian mixture', () => {
  it.each(['kmeans', 'k-means++', 'random', 'random_from_data'])(
    'reaches the same optimum from %s',
    async (init_params) => {
      const output = await mixture(cloudData(), {
        n_components: 3,
        init_params,
        n_init: 10,
        tol: 1e-9,
        max_iter: 1000,
      });
      const usual = await mixture(cloudData(), { n_components: 3, tol: 1e-9, n_init: 10 });
      expect(output.scalars.log_likelihood).toBeCloseTo(usual.scalars.log_likelihood as number, 5);
    },
  );

  it('gives the same bits for the same seed', async () => {
    const parameters = { n_components: 6, init_params: 'random' };
    const [a, b, c] = [
      await mixture(cloudData(), parameters, { seed: 3 }),
      await mixture(cloudData(), parameters, { seed: 3 }),
      await mixture(cloudData(), parameters, { seed: 4 }),
    ];
    expect(a).toEqual(b);
    expect(a.arrays.means).not.toEqual(c.arrays.means);
  });

  it.each(['full', 'diag'] as const)('has the same bits in whatever order threads run the parts (%s)', async (type) => {
    const [rows, p] = [30_000, 8];
    const random = createRandom(9);
    const buffer = new SharedArrayBuffer(8 * rows * p);
    const values = new Float64Array(buffer);
    values.forEach((_, at) => (values[at] = random.gaussian()));
    const source = { kind: 'shared', buffer, dtype: 'float64', samples: rows, features: p } as const;
    const local = createLocalJob();
    let parts = 0;
    const backwards: Job = {
      ...local,
      run(pass, view, shared) {
        const cut = partition(view, pass, shared);
        parts = Math.max(parts, cut.length);
        const states = cut.toReversed().map((part) => runPart(pass, view, shared, part, local.control));
        return Promise.resolve(mergeInOrder(pass, states.toReversed()));
      },
    };
    const options = { k: 4, type, init: 'random', starts: 1, maxIter: 3, tol: 0, regCovar: 1e-6 } as const;
    const fit = (job: Job) =>
      fitMixture({ x: values, n: rows, p, view: { source } }, { ...options, phases: { start: 0, fit: 1 } }, job);
    const found = await fit(backwards);
    expect(parts).toBeGreaterThan(2);
    expect(found).toEqual(await fit(local));
  });

  it('takes float32 and whole numbers', async () => {
    const single = Float32Array.from(x);
    const data = { ...cloudData(), source: sharedSource(single, 'float32', n, 2) };
    expect(labelsOf(await mixture(data, { n_components: 3, n_init: 3 }))).toEqual([...truth]);
    const counts = Uint16Array.from(x, (value) => Math.round(10 * value + 100));
    const whole = { ...cloudData(), source: sharedSource(counts, 'uint16', n, 2) };
    expect(labelsOf(await mixture(whole, { n_components: 3, n_init: 3 }))).toEqual([...truth]);
  });

  it('leaves out masked pixels, and pixels with NaN', async () => {
    const values = x.slice();
    values[2 * 7 + 1] = NaN;
    values[2 * 20] = Infinity;
    const mask = maskOf(Array.from({ length: n }, (_, i) => i % 10 === 9));
    const output = await mixture(floatData(values, [n], [2], { navigation_mask: mask }), {
      n_components: 2,
      n_init: 3,
    });
    const labels = labelsOf(output);
    truth.forEach((c, i) => expect(labels[i]).toBe(i % 10 === 9 || i === 7 || i === 20 ? -1 : c));
    expect([...floats(output, 'predict_proba').subarray(14, 16)]).toEqual([NaN, NaN]);
    expect(floats(output, 'entropy')[9]).toBeNaN();
    expect(output.notes.join()).toContain('2 of 900 pixels hold values that are not finite');
  });

  it('leaves out masked channels', async () => {
    const wide = new Float64Array(3 * n);
    x.forEach((value, at) => (wide[3 * Math.floor(at / 2) + 2 * (at % 2)] = value));
    for (let i = 0; i < n; i++) wide[3 * i + 1] = i % 2 === 0 ? NaN : 1e6;
    const data = floatData(wide, [n], [3], { signal_mask: maskOf([false, true, false]) });
    const output = await mixture(data, { n_components: 3, n_init: 3 });
    expect(labelsOf(output)).toEqual([...truth]);
  });

  it('divides another array with a row per pixel', async () => {
    const data = floatData(new Float64Array(n), [n], [1], {
      cluster_source: { shape: [n, 2], dtype: 'float64', data: x },
    });
    expect(labelsOf(await mixture(data, { n_components: 3, n_init: 3 }))).toEqual([...truth]);
  });

  it('uses the significant loadings of a decomposition', async () => {
    const steps = [
      { do: 'decomposition' },
      { do: 'gaussian_mixture', parameters: { cluster_source: 'decomposition' } },
    ];
    const output = await runSteps(cloudData(), steps);
    const decomposition = await runSteps(cloudData(), steps.slice(0, 1));
    expect(output.arrays.means!.shape).toEqual([1, decomposition.scalars.number_significant_components]);
  });

  it.each([
    ['norm', [0.6, 0.8, 0, 0, 0.6, 0.8]],
    ['standard', [0.26726124, 0.26726124, -1.33630621, -1.33630621, 1.06904497, 1.06904497]],
    ['minmax', [2 / 3, 2 / 3, 0, 0, 1, 1]],
  ])('scales by %s before', async (preprocessing, expected) => {
    // by hand; with as many components as different rows, the means are the rows
    const rows = Float64Array.of(6, 8, 0, 0, 9, 12);
    const output = await mixture(floatData(rows, [3], [2]), {
      n_components: 3,
      preprocessing,
      covariance_type: 'spherical',
      max_iter: 1,
      ...(preprocessing === 'norm' ? { n_components: 2 } : {}),
    });
    const means = [...floats(output, 'means')];
    const wanted = preprocessing === 'norm' ? expected.slice(0, 4) : expected;
    for (let i = 0; i < wanted.length; i += 2) {
      const found = means.some(
        (_, at) => at % 2 === 0 && Math.hypot(means[at]! - wanted[i]!, means[at + 1]! - wanted[i + 1]!) < 1e-6,
      );
      expect(found, `${wanted[i]}, ${wanted[i + 1]} in ${means.join(' ')}`).toBe(true);
    }
  });

  it('of equal pixels is one point, and says so', async () => {
    const output = await mixture(floatData(new Float64Array(40).fill(3), [20], [2]), { n_components: 2 });
    expect(output.notes.join()).toContain('All pixels are equal');
    expect([...floats(output, 'means')].every((value) => Math.abs(value - 3) < 1e-9)).toBe(true);
    expect(floats(output, 'predict_proba').every(Number.isFinite)).toBe(true);
  });

  it('refuses a singular covariance with advice', async () => {
    const line = Float64Array.from({ length: 60 }, (_, at) => Math.floor(at / 2));
    await expect(mixture(floatData(line, [30], [2]), { n_components: 2, reg_covar: 0 })).rejects.toMatchObject({
      code: 'did-not-converge',
      message: expect.stringMatching(/singular.*Raise reg_covar \(now 0\)/) as string,
    });
  });

  it('warns where reg_covar blurs small values', async () => {
    const tiny = x.map((value) => value * 1e-4);
    const output = await mixture(floatData(tiny, [n], [2]), { n_components: 2 });
    expect(output.notes.join()).toMatch(/reg_covar \(0.000001\) is not small/);
  });

  it('stops when cancelled, and returns the current iterate when told to keep it', async () => {
    const cancelled = createControlBlock();
    requestStop(cancelled, 'cancel');
    await expect(mixture(cloudData(), {}, { control: openControl(cancelled) })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const kept = createControlBlock();
    requestStop(kept, 'keep');
    const output = await mixture(cloudData(), { n_components: 3, tol: 0 }, { control: openControl(kept) });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 1 });
    expect(output.notes.join()).toContain('as you asked');
  });

  it('says when max_iter ended it', async () => {
    const output = await mixture(cloudData(), { n_components: 3, tol: 0, max_iter: 2 });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 2 });
    expect(output.notes.join()).toContain('Raise max_iter');
  });

  it.each([
    [{ n_components: 1001 }, /n_components must be from 1 to 1000 .*got 1001/],
    [{ n_components: 0 }, /n_components must be a whole number from 1/],
    [{ covariance_type: 'round' }, /covariance_type must be .*full.*got "round"/],
    [{ cluster_source: 'decomposition' }, /not computed from one/],
    [{ tol: -1 }, /tol must be .*got -1/],
  ])('refuses %j', async (parameters, message) => {
    await expect(mixture(cloudData(), parameters)).rejects.toThrow(message);
  });

  it('refuses more loadings than there are, all pixels masked, and arrays of another size', async () => {
    const asked = { cluster_source: 'decomposition', number_of_components: 3 };
    const steps = [{ do: 'decomposition' }, { do: 'gaussian_mixture', parameters: asked }];
    await expect(runSteps(cloudData(), steps)).rejects.toThrow(/number_of_components must be from 1 to 2/);
    const masked = cloudData({ navigation_mask: maskOf(new Array<boolean>(n).fill(true)) });
    await expect(mixture(masked, {})).rejects.toMatchObject({ code: 'all-masked' });
    const other = cloudData({ cluster_source: { shape: [7, 2], dtype: 'float64', data: new Float64Array(14) } });
    await expect(mixture(other, {})).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

describe('comparing numbers of components', () => {
  const select = (parameters: Parameters) => runSteps(cloudData(), [{ do: 'gaussian_mixture_selection', parameters }]);

  it('finds the three clouds by both criteria of the mixtures fitted alone', async () => {
    const output = await select({ n_init: 3, n_components: [2, 3, 4] });
    expect(output.scalars.best_k_bic).toBe(3);
    for (const [i, k] of [2, 3, 4].entries()) {
      const { scalars } = await mixture(cloudData(), { n_components: k, n_init: 3 });
      expect(floats(output, 'bic')[i]! / (scalars.bic as number)).toBeCloseTo(1, 12);
      expect(floats(output, 'aic')[i]! / (scalars.aic as number)).toBeCloseTo(1, 12);
    }
  });

  it('tries 1 to 6 when nothing is given', async () => {
    expect([...(await select({ max_iter: 5 })).arrays.n_components!.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    [[0], /whole numbers from 1 to 10000; got 0/],
    [[2.5], /got 2.5/],
    [[2, 2], /got 2 twice/],
    [[5000], /n_components must be from 1 to 1000/],
  ])('refuses %j', async (n_components, message) => {
    await expect(select({ n_components })).rejects.toThrow(message);
  });
});
