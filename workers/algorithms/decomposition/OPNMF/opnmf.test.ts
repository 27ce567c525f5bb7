import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve, requestStop, type JobControl } from '../../../control.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { shareFloats } from '../../../passes/share.ts';
import { datasetG } from '../../../../test/golden/dataset-g.ts';
import { floatData, floats, maskOf, runSteps, sharedSource, type TestData } from '../../../../test/golden/run-step.ts';
import { closeTo, matrixOf } from '../SVD/test-data.ts';
import { startOf } from './start.ts';
import { createStepper } from './steppers.ts';
import { relativeChange } from './update.ts';

type Parameters = Readonly<Record<string, unknown>>;
const fit = (data: TestData, parameters: Parameters, options: { seed?: number; control?: JobControl } = {}) =>
  runSteps(data, [{ do: 'decomposition', algorithm: 'OPNMF', parameters }], options);

const g = floatData(datasetG(), [4, 5], [12]);

/** Three regions of pixels side by side, each with its own spectrum, and a little of everything everywhere. */
function regions(pixels: number, channels: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  const x = new Float64Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < channels; j++) {
      const inside = Math.floor((3 * i) / pixels) === Math.floor((3 * j) / channels);
      x[i * channels + j] = (inside ? 10 + (i % 4) : 0.2) + 0.1 * random.uniform();
    }
  }
  return x;
}

const productOf = (output: AlgorithmOutput): Float64Array =>
  multiply(matrixOf(output, 'loadings'), matrixOf(output, 'factors'), { transposeB: true }).data;

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(Array.from(a, (value, i) => (value - b[i]!) ** 2).reduce((sum, v) => sum + v, 0));

const ints = (output: AlgorithmOutput, name: string): number[] => [...(output.arrays[name]!.data as Int32Array)];

describe('dataset G with two components', () => {
  // section 17 of the specification: nndsvd, tol 1e-5; the first numbers and the W^T W there come from a NumPy run
  it('gives the published first change, first objective, iterations, error and W^T W', async () => {
    const control = openControl(createControlBlock());
    const output = await fit(g, { output_dimension: 2 }, { control });
    expect(output.scalars.iterations).toBe(367);
    expect(output.scalars.converged).toBe(true);
    expect(output.scalars.objective).toBeCloseTo(209.392, 3);
    const curve = readCurve(control.block);
    expect(curve[0]).toBe(1);
    expect(curve[1]).toBeCloseTo(357.735, 3);
    const w = matrixOf(output, 'loadings');
    closeTo(multiply(w, w, { transposeA: true }).data, [0.8869, 0.1499, 0.1499, 0.8013], 5e-5);
  });

  it('changes W by .974067 in the first step from its NNDSVD start', async () => {
    const job = createLocalJob();
    const view = { source: g.source };
    const mean = datasetG().reduce((sum, v) => sum + v, 0) / 240;
    const start = await startOf(view, 2, 'nndsvd', mean, job, 0);
    const next = job.allocate(40);
    await (await createStepper(view, 2, job, 0)).step(start, next);
    expect(relativeChange(start, next)).toBeCloseTo(0.974067, 6);
  });

  it('says so when max_iter ends it', async () => {
    const output = await fit(g, { output_dimension: 2, max_iter: 5 });
    expect(output.scalars).toMatchObject({ iterations: 5, converged: false });
    expect(output.notes.join()).toMatch(/after 5 iterations. Raise max_iter/);
  });

  it('has W^T X as factors, an error that is what remains, and no negative value', async () => {
    const output = await fit(g, { output_dimension: 2 });
    const x = createMatrix(20, 12, datasetG());
    closeTo(floats(output, 'factors'), multiply(x, matrixOf(output, 'loadings'), { transposeA: true }).data, 1e-9);
    const remains = distance(productOf(output), x.data);
    expect(remains).toBeCloseTo(output.scalars.objective as number, 6);
    const energy = x.data.reduce((sum, v) => sum + v * v, 0);
    expect(output.scalars.captured_fraction).toBeCloseTo(1 - remains ** 2 / energy, 9);
    for (const name of ['factors', 'loadings']) expect(floats(output, name).every((v) => v >= 0)).toBe(true);
  });

  it('is the other problem with transpose: the factors are W', async () => {
    const output = await fit(g, { output_dimension: 2, transpose: true });
    const turned = new Float64Array(240);
    datasetG().forEach((v, at) => (turned[(at % 12) * 20 + Math.floor(at / 12)] = v));
    const same = await fit(floatData(turned, [12], [20]), { output_dimension: 2 });
    closeTo(floats(output, 'factors'), floats(same, 'loadings'), 1e-9);
    closeTo(floats(output, 'loadings'), floats(same, 'factors'), 1e-6);
    expect(ints(output, 'assignment')).toEqual(ints(same, 'assignment'));
    expect(output.scalars.objective).not.toBeCloseTo(209.392, 0);
  });
});

describe('three regions', () => {
  const x = regions(30, 18);
  const data = floatData(x, [5, 6], [18]);
  const parameters = { output_dimension: 3, tol: 5e-3 };
  const region = (output: AlgorithmOutput): number[] =>
    ints(output, 'assignment').map((c, i) => c - 3 * Math.floor(i / 10));

  it('are found, with maps that hardly overlap', async () => {
    const output = await fit(data, parameters);
    expect(output.scalars.converged).toBe(true);
    expect(output.scalars.orthogonality as number).toBeLessThan(0.05);
    // one component to a region: the difference to 3 · region is the same within each
    const found = region(output);
    for (const start of [0, 10, 20]) expect(new Set(found.slice(start, start + 10)).size).toBe(1);
    expect(new Set(ints(output, 'assignment')).size).toBe(3);
  });

  it('come ordered by size', async () => {
    const output = await fit(data, parameters);
    const [f, l] = [matrixOf(output, 'factors'), matrixOf(output, 'loadings')];
    const norm = (m: typeof f, j: number): number =>
      Math.hypot(...Array.from({ length: m.rows }, (_, i) => m.data[i * m.cols + j]!));
    const sizes = [0, 1, 2].map((j) => norm(f, j) * norm(l, j));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it.each(['nndsvda', 'nndsvdar', 'random'])('are found from the start %s', async (init) => {
    const output = await fit(data, { ...parameters, init }, { seed: 3 });
    const reference = await fit(data, parameters);
    expect(output.scalars.objective as number).toBeLessThan(1.05 * (reference.scalars.objective as number));
    const again = await fit(data, { ...parameters, init }, { seed: 3 });
    expect(floats(again, 'loadings')).toEqual(floats(output, 'loadings'));
  });

  it('are kept by a start that is given: the answer continues', async () => {
    const first = await fit(data, parameters);
    const init_W = { shape: [5, 6, 3], dtype: 'float64' as const, data: floats(first, 'loadings').slice() };
    const output = await fit({ ...data, inputs: { init_W } }, { ...parameters, init: 'custom' });
    expect(output.scalars.iterations as number).toBeLessThan(5);
    closeTo(floats(output, 'loadings'), floats(first, 'loadings'), 1e-4);
  });

  it('are found in float32 data', async () => {
    const narrow = Float32Array.from(x);
    const output = await fit({ ...data, source: sharedSource(narrow, 'float32', 30, 18) }, parameters);
    const same = await fit(floatData(Float64Array.from(narrow), [5, 6], [18]), parameters);
    expect(floats(output, 'loadings')).toEqual(floats(same, 'loadings'));
  });

  it('are found in counts scaled for their noise, and models are in counts again', async () => {
    const output = await fit(data, { ...parameters, normalize_poissonian_noise: true });
    expect(new Set(ints(output, 'assignment')).size).toBe(3);
    expect(distance(productOf(output), x) / distance(x, new Float64Array(540))).toBeLessThan(0.2);
  });

  it('tell empty pixels and channels apart from the others', async () => {
    const holes = x.slice();
    for (let j = 0; j < 18; j++) holes[4 * 18 + j] = 0;
    for (let i = 0; i < 30; i++) holes[i * 18 + 7] = 0;
    for (const normalize_poissonian_noise of [false, true]) {
      const output = await fit(floatData(holes, [30], [18]), { ...parameters, normalize_poissonian_noise });
      expect(ints(output, 'assignment')[4]).toBe(-1);
      expect(ints(output, 'assignment').filter((c) => c === -1).length).toBe(1);
      expect(floats(output, 'factors').every((v) => v >= 0)).toBe(true);
      expect(Math.max(...floats(output, 'factors').subarray(7 * 3, 8 * 3))).toBeLessThan(1e-9);
    }
  });
});

describe('masks', () => {
  const x = regions(24, 15);
  const navigation_mask = maskOf(
    Array.from({ length: 24 }, (_, i) => i === 2 || i === 20),
    [4, 6],
  );
  const signal_mask = maskOf(Array.from({ length: 15 }, (_, j) => j === 6));
  const data = floatData(x, [4, 6], [15], { navigation_mask, signal_mask });

  it('leave out what they mark', async () => {
    const output = await fit(data, { output_dimension: 3, tol: 5e-3 });
    expect(
      ints(output, 'assignment')
        .map((c, i) => (c < 0 ? i : -1))
        .filter((i) => i >= 0),
    ).toEqual([2, 20]);
    expect(floats(output, 'factors').subarray(18, 21).every(Number.isNaN)).toBe(true);
    const without = new Float64Array(22 * 14);
    let at = 0;
    for (let i = 0; i < 24; i++)
      for (let j = 0; j < 15; j++) if (i !== 2 && i !== 20 && j !== 6) without[at++] = x[i * 15 + j]!;
    const same = await fit(floatData(without, [22], [14]), { output_dimension: 3, tol: 5e-3 });
    closeTo(
      floats(output, 'loadings').filter((v) => !Number.isNaN(v)),
      floats(same, 'loadings'),
      1e-12,
    );
  });

  it.each([
    { transpose: false, normalize_poissonian_noise: false },
    { transpose: false, normalize_poissonian_noise: true },
    { transpose: true, normalize_poissonian_noise: false },
    { transpose: true, normalize_poissonian_noise: true },
  ])('are filled in on both sides without negative values: $transpose, $normalize_poissonian_noise', async (choice) => {
    const output = await fit(data, { output_dimension: 3, reproject: 'both', tol: 5e-3, ...choice });
    expect(ints(output, 'assignment')).not.toContain(-1);
    for (const name of ['factors', 'loadings']) expect(floats(output, name).every((v) => v >= 0)).toBe(true);
    // the regions are nearly of rank 3: the filled-in pixels and channels are as well described as the others
    expect(distance(productOf(output), x) / distance(x, new Float64Array(360))).toBeLessThan(0.15);
  });

  it('fill in channels by the product that gives all others', async () => {
    const output = await fit(data, { output_dimension: 3, reproject: 'signal', tol: 5e-3 });
    const l = matrixOf(output, 'loadings');
    for (let j = 0; j < 3; j++) {
      let sum = 0;
      for (let i = 0; i < 24; i++) if (i !== 2 && i !== 20) sum += l.data[i * 3 + j]! * x[i * 15 + 6]!;
      expect(floats(output, 'factors')[6 * 3 + j]).toBeCloseTo(sum, 9);
    }
  });
});

describe('steps', () => {
  const rows = 40;
  const cols = 25;
  const view = { source: sharedSource(regions(rows, cols), 'float64', rows, cols) };

  it.each(['gram', 'resident', 'streamed'] as const)('by the way "%s" are those of the formula', async (method) => {
    const k = 3;
    const job = createLocalJob(2);
    const random = createRandom(5);
    let w = shareFloats(
      job,
      Float64Array.from({ length: rows * k }, () => random.uniform()),
    );
    let next = job.allocate(rows * k);
    const x = createMatrix(rows, cols, regions(rows, cols));
    let expected = createMatrix(rows, k, Float64Array.from(w));
    const stepper = await createStepper(view, k, job, 0, method);
    for (let n = 0; n < 4; n++) {
      const result = await stepper.step(w, next);
      const p = multiply(x, multiply(x, expected, { transposeA: true }));
      const c = multiply(expected, p, { transposeA: true });
      closeTo(result.c, c.data, 1e-9 * Math.max(...c.data));
      const below = multiply(expected, c);
      const updated = expected.data.map((v, at) => (v * p.data[at]!) / below.data[at]!);
      const gram = multiply(createMatrix(rows, k, updated), createMatrix(rows, k, updated), { transposeA: true });
      // the largest eigenvalue of a positive matrix, by repeated squaring of its trace-normalised form
      let power = gram;
      let logNorm = 0;
      for (let s = 0; s < 30; s++) {
        const trace = power.data[0]! + power.data[4]! + power.data[8]!;
        logNorm += Math.log(trace) / 2 ** s;
        power = createMatrix(
          k,
          k,
          power.data.map((v) => v / trace),
        );
        power = multiply(power, power);
      }
      expected = createMatrix(
        rows,
        k,
        updated.map((v) => v / Math.sqrt(Math.exp(logNorm))),
      );
      closeTo(next, expected.data, 1e-8);
      [w, next] = [next, w];
    }
    stepper.free();
  });

  it('are counted by the relative change of W', () => {
    expect(relativeChange(Float64Array.of(3, 4), Float64Array.of(3, 4.5))).toBeCloseTo(0.1, 15);
  });
});

describe('data that are degenerate', () => {
  it('in rank give as many components as asked', async () => {
    const x = Float64Array.from({ length: 60 }, (_, at) => (1 + Math.floor(at / 6)) * (1 + (at % 6)));
    const output = await fit(floatData(x, [10], [6]), { output_dimension: 3, max_iter: 500 });
    expect(floats(output, 'loadings').every(Number.isFinite)).toBe(true);
    expect(output.scalars.captured_fraction as number).toBeGreaterThan(0.8);
  });

  it('because they are constant or zero are not refused', async () => {
    for (const value of [0, 7]) {
      const output = await fit(floatData(new Float64Array(50).fill(value), [10], [5]), { output_dimension: 2 });
      for (const name of ['factors', 'loadings']) expect(floats(output, name).every(Number.isFinite)).toBe(true);
    }
  });

  it('because they are negative are refused with the number and the lowest', async () => {
    const x = regions(10, 6);
    x[7] = -2.5;
    await expect(fit(floatData(x, [10], [6]), { output_dimension: 2 })).rejects.toThrow(
      /1 value is negative \(the lowest is -2.5\)/,
    );
  });
});

describe('a run', () => {
  const data = floatData(regions(60, 40), [60], [40]);

  it('that is cancelled gives nothing', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(fit(data, { output_dimension: 3 }, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that is stopped keeps the iterate it had', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'keep');
    const output = await fit(data, { output_dimension: 3, tol: 0 }, { control });
    expect(output.scalars).toMatchObject({ iterations: 1, converged: false });
    expect(output.notes.join()).toMatch(/Stopped after 1 iterations as you asked/);
  });

  it('refuses parameters by name', async () => {
    await expect(fit(data, {})).rejects.toThrow(/output_dimension must be given/);
    await expect(fit(data, { output_dimension: 41 })).rejects.toThrow(/output_dimension must be from 1 to 40.*got 41/);
    await expect(fit(data, { output_dimension: 2, tol: -1 })).rejects.toThrow(
      /tol must be a number from 0 to 1; got -1/,
    );
    await expect(fit(data, { output_dimension: 2, init: 'custom' })).rejects.toThrow(/init_W must be given/);
    const custom = { output_dimension: 2, init: 'custom' };
    const given = (values: number[], shape: number[]) => ({
      ...data,
      inputs: { init_W: { shape, dtype: 'float64' as const, data: Float64Array.from(values) } },
    });
    await expect(fit(given([1, 2], [2]), custom)).rejects.toThrow(/init_W has shape \(2\); \(60, 2\) is needed/);
    const negative = Array.from({ length: 120 }, (_, at) => (at === 5 ? -1 : 1));
    await expect(fit(given(negative, [60, 2]), custom)).rejects.toThrow(/row 2, column 1 is -1/);
  });
});
