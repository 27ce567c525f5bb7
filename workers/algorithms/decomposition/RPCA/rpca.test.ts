import { describe, expect, it } from 'vitest';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { dataOf, fixturePath, readCases, stepsOf } from '../../../../test/golden/fixtures.ts';
import { relativeFrobenius, subspaceAngle } from '../../../../test/golden/metrics.ts';
import { readValues } from '../../../../test/golden/npy.ts';
import {
  floatData,
  floats,
  maskOf,
  rowOf,
  runSteps,
  sharedSource,
  type TestData,
} from '../../../../test/golden/run-step.ts';
import { createControlBlock, openControl, readCurve, requestStop } from '../../../control.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, transpose, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { svdThin, truncateSvd } from '../../../linalg/svd.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';

type Parameters = Readonly<Record<string, unknown>>;
const decompose = (data: TestData, parameters: Parameters, options = {}): Promise<AlgorithmOutput> =>
  runSteps(data, [{ do: 'decomposition', algorithm: 'RPCA', parameters }], options);

const matrixOf = (output: AlgorithmOutput, name: string): Matrix => {
  const [rows = 0, cols = 0] = output.arrays[name]?.shape ?? [];
  return createMatrix(rows, cols, floats(output, name));
};
const modelOf = (output: AlgorithmOutput): Matrix =>
  multiply(matrixOf(output, 'loadings'), matrixOf(output, 'factors'), { transposeB: true });

/** Rank 3 with noise of 0.05, and one value in 20 off by 10. */
function spoiled(pixels: number, channels: number, seed = 3): { x: Float64Array; truth: Float64Array } {
  const random = createRandom(seed);
  const draw = (rows: number): Matrix =>
    createMatrix(
      rows,
      3,
      Float64Array.from({ length: rows * 3 }, () => random.gaussian()),
    );
  const truth = multiply(draw(pixels), draw(channels), { transposeB: true }).data;
  const x = truth.map((v) => v + 0.05 * random.gaussian() + (random.uniform() < 0.05 ? 10 : 0));
  return { x, truth };
}

/** GoDec step for step with exact projections: L ← best rank r part of L + clip(X − L, ±λ). */
function godec(x: Matrix, start: Matrix, r: number, lambda: number, steps: number): Matrix {
  let low = start;
  for (let step = 0; step < steps; step++) {
    const sum = low.data.map((v, i) => v + Math.max(-lambda, Math.min(lambda, x.data[i]! - v)));
    const { u, s, v } = truncateSvd(svdThin(createMatrix(x.rows, x.cols, sum)), r);
    const us = createMatrix(
      x.rows,
      r,
      u.data.map((value, at) => value * s[at % r]!),
    );
    low = multiply(us, v, { transposeB: true });
  }
  return low;
}

// Expected numbers: HyperSpy 1.7.3 on this dataset (spec/algorithms.md section 17); they depend on its random numbers.
describe('dataset G', () => {
  it('gives about the numbers of HyperSpy', async () => {
    const x = datasetG();
    const output = await decompose(floatData(x, gShape.navigation, gShape.signal), { output_dimension: 3 });
    const variance = floats(output, 'explained_variance');
    expect(Math.abs(variance[0]! / 170196.04 - 1)).toBeLessThan(0.005);
    expect(Math.abs(variance[1]! / 13217.15 - 1)).toBeLessThan(0.005);
    expect(variance[2]).toBeGreaterThan(4);
    expect(variance[2]).toBeLessThan(17);
    const ratio = floats(output, 'explained_variance_ratio');
    [0.9279, 0.07206, 0.00005].forEach((expected, k) => expect(Math.abs(ratio[k]! - expected)).toBeLessThan(3e-4));
    expect(output.scalars['number_significant_components']).toBe(2);
    const [f0 = 0, f1 = 0] = rowOf(output, 'factors', 3);
    expect(Math.abs(f0 - 0.516427)).toBeLessThan(2e-3);
    expect(Math.abs(f1 + 0.359095)).toBeLessThan(2e-3);
    const [l0 = 0, l1 = 0] = rowOf(output, 'loadings', 7);
    expect(Math.abs(l0 - 282.6156)).toBeLessThan(0.5);
    expect(Math.abs(l1 + 18.4675)).toBeLessThan(0.5);
    const residual = Math.hypot(...modelOf(output).data.map((v, i) => x[i]! - v));
    expect(Math.abs(residual - 16.65)).toBeLessThan(0.7);
  });
});

const cases = readCases(['RPCA']);

describe('the reference cases', () => {
  it('are all there', () => expect(cases.length).toBe(2));

  it.each(cases)('$id ends where HyperSpy ends, to 1e-8', async (fixture) => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    const read = (name: string): Matrix => {
      const { shape, values } = readValues(fixturePath(fixture.expected.arrays[name]!));
      return createMatrix(shape[0]!, 3, values);
    };
    const expected = multiply(read('loadings'), read('factors'), { transposeB: true });
    expect(relativeFrobenius(modelOf(output).data, expected.data)).toBeLessThan(1e-8);
    expect(subspaceAngle(matrixOf(output, 'factors'), read('factors'))).toBeLessThan(1e-8);
    expect(output.scalars['converged']).toBe(true);
    expect(output.scalars['iterations']).toBeLessThan(60);
    // largest loading positive, and the order of the variances
    const loadings = matrixOf(output, 'loadings');
    for (let k = 0; k < 3; k++) {
      const column = Array.from({ length: loadings.rows }, (_, i) => loadings.data[i * 3 + k]!);
      const peak = column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
      expect(peak).toBeGreaterThan(0);
    }
  });
});

describe('the fixed point of GoDec', () => {
  const [pixels, channels, lambda] = [60, 40, 0.1];
  const { x, truth } = spoiled(pixels, channels);
  const data = floatData(x, [pixels], [channels]);
  const parameters = { output_dimension: 3, lambda1: lambda, objective_tol: 1e-13 };

  it('is not left by a step of GoDec, and is where GoDec goes from random directions', async () => {
    const model = modelOf(await decompose(data, parameters));
    const matrix = createMatrix(pixels, channels, x);
    const after = godec(matrix, model, 3, lambda, 1);
    expect(relativeFrobenius(after.data, model.data)).toBeLessThan(1e-7);
    const random = createRandom(8);
    const draw = (rows: number): Matrix =>
      createMatrix(
        rows,
        3,
        Float64Array.from({ length: rows * 3 }, () => random.gaussian()),
      );
    const start = multiply(draw(pixels), draw(channels), { transposeB: true });
    expect(relativeFrobenius(godec(matrix, start, 3, lambda, 400).data, model.data)).toBeLessThan(1e-6);
  });

  it('is found with any seed', async () => {
    const a = modelOf(await decompose(data, parameters, { seed: 1 }));
    const b = modelOf(await decompose(data, parameters, { seed: 2 }));
    expect(relativeFrobenius(a.data, b.data)).toBeLessThan(1e-7);
  });

  it('is near the truth where an SVD is bent by the spoiled values', async () => {
    const robust = modelOf(await decompose(data, parameters)).data;
    const svd = modelOf(await runSteps(data, [{ do: 'decomposition', parameters: { output_dimension: 3 } }])).data;
    expect(relativeFrobenius(robust, truth)).toBeLessThan(0.03);
    expect(relativeFrobenius(svd, truth)).toBeGreaterThan(0.2);
  });

  it('does not depend on which side is longer', async () => {
    const turned = floatData(transpose(createMatrix(pixels, channels, x)).data, [channels], [pixels]);
    const a = await decompose(data, parameters);
    const b = await decompose(turned, parameters);
    expect(relativeFrobenius(transpose(modelOf(b)).data, modelOf(a).data)).toBeLessThan(1e-8);
    // S²/M: the variances are those of the same singular values over the other number of channels
    const variance = floats(b, 'explained_variance').map((v) => (v * pixels) / channels);
    expect(relativeFrobenius(variance, floats(a, 'explained_variance'))).toBeLessThan(1e-8);
    const factors = matrixOf(b, 'factors');
    const product = multiply(factors, factors, { transposeA: true }).data;
    product.forEach((v, at) => expect(v).toBeCloseTo(at % 4 === 0 ? 1 : 0, 10));
  });
});

describe('the parts', () => {
  it('add up: components, sparse part and a remainder within the threshold', async () => {
    const { x } = spoiled(50, 30);
    const output = await decompose(floatData(x, [50], [30]), {
      output_dimension: 3,
      lambda1: 0.1,
      objective_tol: 1e-13,
      return_info: true,
    });
    const model = modelOf(output).data;
    const sparse = floats(output, 'error_matrix');
    expect(output.arrays['error_matrix']?.shape).toEqual([50, 30]);
    const remainder = x.map((v, i) => v - model[i]! - sparse[i]!);
    remainder.forEach((v) => expect(Math.abs(v)).toBeLessThan(0.1 + 1e-9));
    expect(Math.hypot(...remainder)).toBeCloseTo(output.scalars['remainder_norm'] as number, 5);
    const objective = remainder.reduce((sum, g, i) => sum + g * g / 2 + 0.1 * Math.abs(sparse[i]!), 0); // prettier-ignore
    expect(objective).toBeCloseTo(output.scalars['objective'] as number, 6);
    const spikes = x.filter((_, i) => sparse[i]! > 5).length;
    expect(spikes).toBeGreaterThan(50);
    expect(spikes).toBeLessThan(100);
  });

  it('keep the place of what is masked', async () => {
    const { x } = spoiled(20, 12);
    x.fill(1e6, 3 * 12, 4 * 12);
    const masks = {
      navigation_mask: maskOf(Array.from({ length: 20 }, (_, i) => i === 3)),
      signal_mask: maskOf(Array.from({ length: 12 }, (_, j) => j === 5)),
    };
    const output = await decompose(floatData(x, [20], [12], masks), {
      output_dimension: 3,
      lambda1: 0.1,
      return_info: true,
    });
    const sparse = floats(output, 'error_matrix');
    sparse.forEach((v, at) => expect(Number.isNaN(v)).toBe(Math.floor(at / 12) === 3 || at % 12 === 5));
    expect(rowOf(output, 'loadings', 3).every(Number.isNaN)).toBe(true);
    expect(rowOf(output, 'factors', 5).every(Number.isNaN)).toBe(true);
    expect(floats(output, 'loadings').filter(Number.isNaN).length).toBe(3);
  });
});

describe('masked pixels and channels', () => {
  it('are filled in by least squares when asked', async () => {
    const { truth } = spoiled(40, 25);
    const x = truth.slice();
    const masks = {
      navigation_mask: maskOf(Array.from({ length: 40 }, (_, i) => i % 7 === 2)),
      signal_mask: maskOf(Array.from({ length: 25 }, (_, j) => j === 4)),
    };
    const output = await decompose(floatData(x, [40], [25], masks), { output_dimension: 3, reproject: 'both' });
    expect(relativeFrobenius(modelOf(output).data, truth)).toBeLessThan(1e-10);
  });
});

describe('scaling for Poisson noise', () => {
  it('describes counts in their own units, empty pixels and channels included', async () => {
    const random = createRandom(6);
    const x = new Float64Array(40 * 20);
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 20; j++) {
        const mean = (1 + (i % 4)) * (30 + 20 * Math.sin(j)) + (i % 3) * (j % 5) * 10;
        x[i * 20 + j] = i === 7 || j === 9 ? 0 : Math.max(0, Math.round(mean + Math.sqrt(mean) * random.gaussian()));
      }
    }
    const parameters = { output_dimension: 2, normalize_poissonian_noise: true, return_info: true, lambda1: 0.002 };
    const output = await decompose(floatData(x, [40], [20]), parameters);
    const model = modelOf(output).data;
    expect(relativeFrobenius(model, x)).toBeLessThan(0.15);
    // what remains beside model and sparse part is within λ in scaled values
    const sparse = floats(output, 'error_matrix');
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 20; j++) {
        const at = i * 20 + j;
        const pixel = x.subarray(i * 20, i * 20 + 20).reduce((a, b) => a + b, 0);
        const channel = Array.from({ length: 40 }, (_, p) => x[p * 20 + j]!).reduce((a, b) => a + b, 0);
        const limit = 0.002 * Math.sqrt(pixel * channel);
        expect(Math.abs(x[at]! - model[at]! - sparse[at]!)).toBeLessThanOrEqual(limit * (1 + 1e-9) + 1e-9);
      }
    }
  });
});

describe('special data', () => {
  it('of lower rank than asked for are described without an iteration', async () => {
    const { truth } = spoiled(30, 20);
    const output = await decompose(floatData(truth, [30], [20]), { output_dimension: 5 });
    expect(output.scalars['iterations']).toBe(0);
    expect(output.scalars['converged']).toBe(true);
    expect(relativeFrobenius(modelOf(output).data, truth)).toBeLessThan(1e-12);
  });

  it.each([0, 7])('all %i give finite components', async (value) => {
    const output = await decompose(floatData(new Float64Array(60).fill(value), [10], [6]), { output_dimension: 2 });
    expect(floats(output, 'factors').every(Number.isFinite)).toBe(true);
    modelOf(output).data.forEach((v) => expect(v).toBeCloseTo(value, 10));
  });

  it('in float32 give what the same values in float64 give', async () => {
    const x = Float32Array.from(spoiled(30, 20).x);
    const single = { navigationShape: [30], signalShape: [20], source: sharedSource(x, 'float32', 30, 20) };
    const parameters = { output_dimension: 3, lambda1: 0.1, objective_tol: 1e-13 };
    const a = await decompose(single, parameters);
    const b = await decompose(floatData(Float64Array.from(x), [30], [20]), parameters);
    expect(relativeFrobenius(floats(a, 'loadings'), floats(b, 'loadings'))).toBeLessThan(1e-7);
    expect(a.notes.join()).toContain('float32');
  });

  it('with a threshold beyond every value are a plain SVD', async () => {
    const { x } = spoiled(30, 20);
    const output = await decompose(floatData(x, [30], [20]), { output_dimension: 3, lambda1: 1e6, power: 5 });
    const svd = truncateSvd(svdThin(createMatrix(30, 20, x)), 3);
    floats(output, 'explained_variance').forEach((v, k) => expect(v * 20).toBeCloseTo(svd.s[k]! ** 2, 4));
  });
});

describe('stopping', () => {
  const { x } = spoiled(60, 40);
  const data = floatData(x, [60], [40]);

  it('compares the remainder in the units of the data or to their norm', async () => {
    const norm = Math.hypot(...x);
    const loose = { output_dimension: 3, lambda1: 0.1 };
    const relative = await decompose(data, { ...loose, tol: 0.5, tol_kind: 'relative' });
    expect(relative.scalars['iterations']).toBe(0);
    const absolute = await decompose(data, { ...loose, tol: 0.5 * norm });
    expect(absolute.scalars['iterations']).toBe(0);
    expect((await decompose(data, { ...loose, tol: 0.5 })).scalars['iterations']).toBeGreaterThan(5);
  });

  it('at maxiter says so', async () => {
    const output = await decompose(data, { output_dimension: 3, lambda1: 0.1, maxiter: 2 });
    expect(output.scalars).toMatchObject({ iterations: 2, converged: false });
    expect(output.notes.join()).toMatch(/maxiter/);
  });

  it('leaves a curve of the objective that only falls', async () => {
    const control = openControl(createControlBlock());
    const output = await decompose(data, { output_dimension: 3, lambda1: 0.1 }, { control });
    const curve = readCurve(control.block);
    const values = curve.filter((_, at) => at % 2 === 1);
    expect(values.length).toBe((output.scalars['iterations'] as number) + 1);
    values.slice(1).forEach((v, i) => expect(v).toBeLessThan(values[i]!));
    expect(output.scalars['objective']).toBe(values.at(-1));
  });

  it('on request throws, or keeps what there is', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    const cancelled = decompose(data, { output_dimension: 3 }, { control });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    requestStop(control.block, 'keep');
    const kept = await decompose(data, { output_dimension: 3, lambda1: 0.1 }, { control });
    expect(kept.scalars).toMatchObject({ converged: false, iterations: 0 });
    expect(kept.notes.join()).toMatch(/Stopped/);
    expect(kept.arrays['factors']?.shape).toEqual([40, 3]);
  });
});

describe('parameters that cannot be', () => {
  const data = floatData(spoiled(10, 6).x, [10], [6]);
  it.each([
    [{}, /output_dimension must be given/],
    [{ output_dimension: 7 }, /output_dimension must be from 1 to 6 .* 6 channels .* got 7/],
    [{ output_dimension: 2, lambda1: -1 }, /lambda1 must be a number from 0 .* got -1/],
    [{ output_dimension: 2, tol_kind: 'both' }, /tol_kind must be one of absolute, relative; got "both"/],
    [{ output_dimension: 2, maxiter: 0 }, /maxiter must be a whole number from 1 .* got 0/],
    [{ output_dimension: 2, power: 0.5 }, /power must be a whole number .* got 0.5/],
  ])('%j is refused with a reason', async (parameters, message) => {
    await expect(decompose(data, parameters)).rejects.toThrow(message);
  });
});
