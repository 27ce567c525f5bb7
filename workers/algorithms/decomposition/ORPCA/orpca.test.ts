import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve, requestStop } from '../../../control.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { dataOf, fixturePath, readCases, stepsOf } from '../../../../test/golden/fixtures.ts';
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
import { distance, modelOf, spiked } from '../online/test-data.ts';
import { closeTo, expectOrthonormal, matrixOf } from '../SVD/test-data.ts';

type Parameters = Readonly<Record<string, unknown>>;
const orpca = (data: TestData, parameters: Parameters, options = {}): Promise<AlgorithmOutput> =>
  runSteps(data, [{ do: 'decomposition', algorithm: 'ORPCA', parameters }], options);

const g = floatData(datasetG(), gShape.navigation, gShape.signal);
const small = spiked(60, 40, 3);
const data = floatData(small.data, [6, 10], [40]);
const large = spiked(400, 200, 3, 5);
const largeData = floatData(large.data, [400], [200]);
const settings = { output_dimension: 3, lambda1: 0.01, lambda2: 0.05 };

describe('ORPCA on dataset G', () => {
  // spec/algorithms.md section 17, made with HyperSpy 1.7.3. Samples that HyperSpy leaves after hundreds of alternations
  // just before the minimum are in the minimum here.
  it.each([
    ['BCD', [-42.439844, -32.383408, 18.717038], [-0.180889, -0.19211, -0.07727], 1284.20998, 1e-4],
    ['SGD', [-5.246978, -0.796382, -9.270826], [-21.014736, -10.792155, -0.607976], 3945.349678, 1.5e-3],
    ['MomentumSGD', [-3.69283, -4.273974, -14.023865], [-19.736887, -13.222376, -5.879563], 4242.319236, 1.5e-3],
  ] as const)('%s has the reference components', async (method, factor, loading, residual, tolerance) => {
    const output = await orpca(g, { output_dimension: 3, training_samples: 5, method });
    const [f, l] = [rowOf(output, 'factors', 3), rowOf(output, 'loadings', 7)];
    closeTo(f, factor, tolerance * Math.hypot(...factor));
    closeTo(l, loading, tolerance * Math.hypot(...loading));
    const x = datasetG();
    const model = modelOf(output);
    expect(Math.hypot(...x.map((value, i) => value - model[i]!)) / residual).toBeCloseTo(1, 3);
  });

  // The reference's later channels depend on its rounding: (A + λ₁)⁻¹ has a condition number of 10⁵ here.
  it('CF has the reference codes as long as rounding does not decide them', async () => {
    const output = await orpca(g, { output_dimension: 3, training_samples: 5, method: 'CF' });
    closeTo(rowOf(output, 'factors', 3), [-49.843635, -9.015406, 5.443277], 3e-3);
  });
});

describe.each(readCases(['ORPCA']))('$id', (fixture) => {
  it('has the model of the reference', async () => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    const stored = (name: string) => {
      const { shape, values } = readValues(fixturePath(fixture.expected.arrays[name]!));
      return createMatrix(shape[0]!, shape[1]!, values);
    };
    const expected = multiply(stored('loadings'), stored('factors'), { transposeB: true }).data;
    expect(distance(modelOf(output), expected)).toBeLessThan(1e-6);
  });
});

describe('ORPCA', () => {
  it.each(['channels', 'pixels'])('finds what is beneath the spikes, from %s', async (stream) => {
    const parameters = { output_dimension: 3, lambda1: 0.1, lambda2: 0.1, method: 'SGD', stream, project: true };
    const output = await orpca(largeData, parameters);
    const plain = await runSteps(largeData, [{ do: 'decomposition', parameters: { output_dimension: 3 } }]);
    expect(distance(modelOf(output), large.clean)).toBeLessThan(0.05);
    expect(distance(modelOf(plain), large.clean)).toBeGreaterThan(0.2);
    expect(output.scalars['converged']).toBe(true);
    expect(output.scalars['iterations']).toBe(stream === 'channels' ? 200 : 400);
    expect(output.scalars['sparse_share']).toBeGreaterThan(0.04);
    expect(output.scalars['sparse_share']).toBeLessThan(0.1);
  });

  it('from pixels is what it is from the channels of the transposed data', async () => {
    const turned = new Float64Array(60 * 40);
    for (let i = 0; i < 60; i++) for (let j = 0; j < 40; j++) turned[j * 60 + i] = small.data[i * 40 + j]!;
    const a = await orpca(data, { ...settings, stream: 'pixels' });
    const b = await orpca(floatData(turned, [40], [60]), settings);
    expect([...floats(a, 'factors')]).toEqual([...floats(b, 'loadings')]);
    expect([...floats(a, 'loadings')]).toEqual([...floats(b, 'factors')]);
  });

  it('starts from the same directions with more training samples', async () => {
    const a = await orpca(data, { ...settings, training_samples: 3 });
    const b = await orpca(data, { ...settings, training_samples: 32 });
    expect([...floats(a, 'loadings')]).toEqual([...floats(b, 'loadings')]);
  });

  it('with return_info has the same model as singular components, and the sparse part', async () => {
    const plain = await orpca(data, settings);
    const info = await orpca(data, { ...settings, return_info: true });
    closeTo(modelOf(info), modelOf(plain), 1e-9);
    expectOrthonormal(matrixOf(info, 'factors'), 1e-10);
    const loadings = matrixOf(info, 'loadings');
    const squares = multiply(loadings, loadings, { transposeA: true }).data;
    const variance = floats(info, 'explained_variance');
    closeTo(
      variance,
      [0, 1, 2].map((j) => squares[j * 4]! / 40),
      1e-9,
    );
    expect(floats(info, 'explained_variance_ratio').reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    for (let j = 0; j < 3; j++) {
      const column = Array.from({ length: 60 }, (_, i) => loadings.data[i * 3 + j]!);
      expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
    }
    const sparse = floats(info, 'error_matrix');
    expect(info.arrays['error_matrix']!.shape).toEqual([60, 40]);
    const spikes = small.data.map((value, i) => (Math.abs(value - small.clean[i]!) > 10 ? 1 : 0));
    // beyond the first channels, which only the start describes
    for (let at = 0; at < sparse.length; at++)
      if (spikes[at] && at % 40 > 5) expect(Math.abs(sparse[at]!)).toBeGreaterThan(20);
    expect(plain.arrays['error_matrix']).toBeUndefined();
    expect(plain.arrays['explained_variance']).toBeUndefined();
  });

  it.each([
    ['CF', 0.5],
    ['BCD', 0.5],
    ['SGD', 0.15],
    ['MomentumSGD', 0.2],
  ])('%s takes batches', async (method, most) => {
    const parameters = { output_dimension: 3, lambda1: 0.1, lambda2: 0.1, method, batch_size: 7, project: true };
    const output = await orpca(largeData, parameters);
    expect(distance(modelOf(output), large.clean)).toBeLessThan(most);
  });

  it('starts from random directions of its seed, or from a given array', async () => {
    const rand = { ...settings, init: 'rand' };
    const [a, b, c] = [
      await orpca(data, rand, { seed: 1 }),
      await orpca(data, rand, { seed: 1 }),
      await orpca(data, rand, { seed: 2 }),
    ];
    expect([...floats(a, 'factors')]).toEqual([...floats(b, 'factors')]);
    expect([...floats(a, 'factors')]).not.toEqual([...floats(c, 'factors')]);
    const start = floats(a, 'loadings');
    const given = await orpca(
      { ...data, inputs: { init_array: { shape: [60, 3], dtype: 'float64', data: start } } },
      { ...settings, init: 'array' },
    );
    expect(given.scalars['objective']).toBeLessThan(a.scalars['objective'] as number);
  });

  it('leaves holes for masked pixels and channels and fills them by least squares when asked', async () => {
    const { clean } = spiked(60, 40, 3, 0, 0);
    const pixelMask = maskOf(
      Array.from({ length: 60 }, (_, i) => i === 4 || i === 5),
      [6, 10],
    );
    const channelMask = maskOf(Array.from({ length: 40 }, (_, j) => j === 0 || j === 20));
    const masked = floatData(clean, [6, 10], [40], { navigation_mask: pixelMask, signal_mask: channelMask });
    const holes = await orpca(masked, { ...settings, lambda1: 1e-6, return_info: true });
    expect(rowOf(holes, 'loadings', 4).every(Number.isNaN)).toBe(true);
    expect(rowOf(holes, 'factors', 20).every(Number.isNaN)).toBe(true);
    const sparse = floats(holes, 'error_matrix');
    expect(sparse.filter(Number.isNaN).length).toBe(2 * 40 + 2 * 60 - 4);
    const filled = await orpca(masked, { ...settings, lambda1: 1e-6, project: true, reproject: 'both' });
    expect(distance(modelOf(filled), clean)).toBeLessThan(0.05);
  });

  it('scales for Poisson noise and undoes it, with empty pixels and channels', async () => {
    const counts = spiked(60, 40, 3, 0, 0).clean.map((value, at) =>
      at % 40 === 3 || Math.floor(at / 40) === 7 ? 0 : Math.round(100 * value),
    );
    const output = await orpca(floatData(counts, [60], [40]), {
      output_dimension: 3,
      lambda1: 1e-4,
      lambda2: 1,
      project: true,
      normalize_poissonian_noise: true,
    });
    expect(distance(modelOf(output), counts)).toBeLessThan(0.05);
    expect(rowOf(output, 'loadings', 7).map(Math.abs)).toEqual([0, 0, 0]);
    expect(rowOf(output, 'factors', 3).map(Math.abs)).toEqual([0, 0, 0]);
  });

  it('gives finite components for constant data and for data of rank one', async () => {
    for (const values of [new Float64Array(200).fill(2), new Float64Array(200)]) {
      const output = await orpca(floatData(values, [20], [10]), settings);
      for (const value of modelOf(output)) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('gives for float32 data what it gives for the same numbers in float64', async () => {
    const single = Float32Array.from(small.data);
    const a = await orpca(
      { navigationShape: [60], signalShape: [40], source: sharedSource(single, 'float32', 60, 40) },
      settings,
    );
    const b = await orpca(floatData(Float64Array.from(single), [60], [40]), settings);
    expect([...floats(a, 'factors')]).toEqual([...floats(b, 'factors')]);
  });

  it('can be cancelled, or stopped and kept with codes for what it had not reached', async () => {
    const block = createControlBlock();
    requestStop(block, 'cancel');
    await expect(orpca(data, settings, { control: openControl(block) })).rejects.toMatchObject({ code: 'cancelled' });
    const keeping = createControlBlock();
    const control = openControl(keeping);
    let asked = 0;
    const stopAt25 = { ...control, shouldKeep: () => ++asked >= 25 };
    const output = await orpca(data, settings, { control: stopAt25 });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 25 });
    expect(output.notes.join(' ')).toContain('25 of 40 channels');
    for (const value of floats(output, 'factors')) expect(Number.isFinite(value)).toBe(true);
    expect(Math.hypot(...rowOf(output, 'factors', 39))).toBeGreaterThan(0);
    expect(readCurve(keeping).length).toBe(50);
  });

  it('says when the threshold is too small for the data', async () => {
    const output = await orpca(g, { output_dimension: 3, lambda2: 0.1 });
    expect(output.notes.join(' ')).toContain('lambda2 = 0.1 is small');
  });

  it.each([
    [{ output_dimension: 12, training_samples: 5 }, 'training_samples must be at least output_dimension = 12'],
    [{ output_dimension: 3, method: 'ALS' }, 'method must be one of CF, BCD, SGD, MomentumSGD; got "ALS"'],
    [{ output_dimension: 3, init: 'zeros' }, 'init must be one of qr, rand, array; got "zeros"'],
    [{ output_dimension: 3, subspace_momentum: 1.5 }, 'subspace_momentum must be a number from 0 to 1; got 1.5'],
    [{ output_dimension: 3, init: 'array' }, 'init_array must be given'],
    [{}, 'output_dimension must be given'],
    [{ output_dimension: 41, training_samples: 41 }, 'output_dimension must be from 1 to 40'],
  ])('refuses %j', async (parameters, message) => {
    await expect(orpca(data, parameters)).rejects.toThrow(message);
  });

  it('refuses a start array of another shape, and NaN in the data', async () => {
    const inputs = { init_array: { shape: [40, 3], dtype: 'float64' as const, data: new Float64Array(120) } };
    await expect(orpca({ ...data, inputs }, { ...settings, init: 'array' })).rejects.toThrow(
      'init_array has shape (40, 3); (60, 3) is needed',
    );
    const broken = small.data.slice();
    broken[7] = NaN;
    await expect(orpca(floatData(broken, [60], [40]), settings)).rejects.toMatchObject({ code: 'not-finite' });
  });
});
