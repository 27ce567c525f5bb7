import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
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

type Parameters = Readonly<Record<string, unknown>>;
const ornmf = (data: TestData, parameters: Parameters, options = {}): Promise<AlgorithmOutput> =>
  runSteps(data, [{ do: 'decomposition', algorithm: 'ORNMF', parameters }], options);

const small = spiked(200, 120, 3, 5);
const data = floatData(small.data, [10, 20], [120]);
const settings = { output_dimension: 3, lambda1: 0.1 };
const methods = ['PGD', 'RobustPGD', 'MomentumSGD'];

const expectNonNegative = (output: AlgorithmOutput): void => {
  for (const name of ['factors', 'loadings'])
    for (const value of floats(output, name)) expect(value).toBeGreaterThanOrEqual(0);
};

describe.each(readCases(['ORNMF']))('$id', (fixture) => {
  // random start: judged by the distance to the true low-rank part, within what other seeds give in HyperSpy
  it.each([0, 1, 2])('is as close to the true model as the reference demands, seed %i', async (seed) => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture), { seed });
    expectNonNegative(output);
    const truth = readValues(fixturePath('reference/ornmf_pgd.truth.npy')).values;
    const { tolerance } = fixture.checks.find((check) => check.metric === 'truth_model')!;
    expect(distance(modelOf(output), truth)).toBeLessThan(tolerance);
  });
});

describe('ORNMF', () => {
  it.each(methods)('%s finds positive components beneath the spikes, from channels and from pixels', async (method) => {
    for (const stream of ['channels', 'pixels']) {
      const output = await ornmf(data, { ...settings, method, stream, project: true });
      expectNonNegative(output);
      expect(distance(modelOf(output), small.clean)).toBeLessThan(method === 'MomentumSGD' ? 0.6 : 0.25);
      expect(output.scalars['converged']).toBe(true);
      expect(output.scalars['iterations']).toBe(stream === 'channels' ? 120 : 200);
    }
  });

  it('from pixels is what it is from the channels of the transposed data', async () => {
    const turned = new Float64Array(200 * 120);
    for (let i = 0; i < 200; i++) for (let j = 0; j < 120; j++) turned[j * 200 + i] = small.data[i * 120 + j]!;
    const a = await ornmf(data, { ...settings, stream: 'pixels' });
    const b = await ornmf(floatData(turned, [120], [200]), settings);
    expect(distance(floats(a, 'factors'), floats(b, 'loadings'))).toBeLessThan(1e-6);
  });

  it('gives the same for a seed and something else for another', async () => {
    const [a, b, c] = [
      await ornmf(data, settings, { seed: 1 }),
      await ornmf(data, settings, { seed: 1 }),
      await ornmf(data, settings, { seed: 2 }),
    ];
    expect([...floats(a, 'factors')]).toEqual([...floats(b, 'factors')]);
    expect([...floats(a, 'factors')]).not.toEqual([...floats(c, 'factors')]);
  });

  it('keeps the length of its subspace: all of it in PGD, each column in RobustPGD', async () => {
    const pgd = floats(await ornmf(data, settings), 'loadings');
    expect(Math.hypot(...pgd)).toBeLessThanOrEqual(1 + 1e-12);
    const robust = await ornmf(data, { ...settings, method: 'RobustPGD' });
    for (let j = 0; j < 3; j++) {
      const column = floats(robust, 'loadings').filter((_, at) => at % 3 === j);
      expect(Math.hypot(...column)).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  // HyperSpy does not return from these: hyperspy/hyperspy#3611
  it('ends for data of negative mean, of zero mean, and of zeros', async () => {
    for (const values of [
      small.data.map((x) => -x),
      small.data.map((x, i) => (i % 2 ? x : -x)),
      new Float64Array(24_000),
    ]) {
      for (const method of methods) {
        const output = await ornmf(floatData(values, [200], [120]), { ...settings, method, project: true });
        expectNonNegative(output);
      }
    }
  });

  it.each(methods)('%s takes batches', async (method) => {
    const output = await ornmf(data, { ...settings, method, batch_size: 9, project: true });
    expectNonNegative(output);
    expect(distance(modelOf(output), small.clean)).toBeLessThan(0.6);
  });

  it('with return_info gives the spikes as sparse part and no explained variance', async () => {
    const output = await ornmf(data, { ...settings, return_info: true, project: true });
    expect(output.arrays['explained_variance']).toBeUndefined();
    const sparse = floats(output, 'error_matrix');
    for (let at = 0; at < sparse.length; at++) {
      if (Math.abs(small.data[at]! - small.clean[at]!) > 3) expect(Math.abs(sparse[at]!)).toBeGreaterThan(2);
    }
    const model = modelOf(output);
    // what is left beside model and sparse part is at most the threshold
    for (let at = 0; at < sparse.length; at++) {
      expect(Math.abs(small.data[at]! - model[at]! - sparse[at]!)).toBeLessThan(0.1 + 1e-9);
    }
  });

  it('leaves holes for masked pixels and channels and fills them without negative values when asked', async () => {
    const inputs = {
      navigation_mask: maskOf(
        Array.from({ length: 200 }, (_, i) => i === 4 || i === 50),
        [10, 20],
      ),
      signal_mask: maskOf(Array.from({ length: 120 }, (_, j) => j === 0 || j === 20)),
    };
    const masked = floatData(spiked(200, 120, 3, 0, 0).clean, [10, 20], [120], inputs);
    const parameters = { ...settings, method: 'RobustPGD', project: true };
    const holes = await ornmf(masked, parameters);
    expect(rowOf(holes, 'loadings', 50).every(Number.isNaN)).toBe(true);
    expect(rowOf(holes, 'factors', 20).every(Number.isNaN)).toBe(true);
    const filled = await ornmf(masked, { ...parameters, reproject: 'both' });
    expectNonNegative(filled);
    expect(distance(modelOf(filled), small.clean)).toBeLessThan(0.2);
  });

  it('scales for Poisson noise and undoes it, with an empty pixel and channel', async () => {
    const counts = small.clean.map((value, at) =>
      at % 120 === 3 || Math.floor(at / 120) === 7 ? 0 : Math.round(100 * value),
    );
    const output = await ornmf(floatData(counts, [200], [120]), {
      ...settings,
      method: 'RobustPGD',
      project: true,
      normalize_poissonian_noise: true,
    });
    expectNonNegative(output);
    expect(distance(modelOf(output), counts)).toBeLessThan(0.25);
    expect(rowOf(output, 'factors', 3)).toEqual([0, 0, 0]);
  });

  it('gives for float32 data what it gives for the same numbers in float64', async () => {
    const single = Float32Array.from(small.data);
    const a = await ornmf(
      { navigationShape: [200], signalShape: [120], source: sharedSource(single, 'float32', 200, 120) },
      settings,
    );
    const b = await ornmf(floatData(Float64Array.from(single), [200], [120]), settings);
    expect([...floats(a, 'factors')]).toEqual([...floats(b, 'factors')]);
  });

  it('can be cancelled, or stopped and kept', async () => {
    const block = createControlBlock();
    requestStop(block, 'cancel');
    await expect(ornmf(data, settings, { control: openControl(block) })).rejects.toMatchObject({ code: 'cancelled' });
    const control = openControl(createControlBlock());
    let asked = 0;
    const output = await ornmf(data, settings, { control: { ...control, shouldKeep: () => ++asked >= 50 } });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 50 });
    expect(output.notes.join(' ')).toContain('50 of 120 channels');
    expectNonNegative(output);
  });

  it.each([
    [{ ...settings, method: 'CF' }, 'method must be one of PGD, RobustPGD, MomentumSGD; got "CF"'],
    [{ ...settings, kappa: 0 }, 'kappa must be a number from'],
    [{ ...settings, batch_size: 0 }, 'batch_size must be a whole number from 1'],
    [{}, 'output_dimension must be given'],
  ])('refuses %j', async (parameters, message) => {
    await expect(ornmf(data, parameters)).rejects.toThrow(message);
  });

  it('refuses NaN in the data', async () => {
    const broken = small.data.slice();
    broken[7] = NaN;
    await expect(ornmf(floatData(broken, [200], [120]), settings)).rejects.toMatchObject({ code: 'not-finite' });
  });
});
