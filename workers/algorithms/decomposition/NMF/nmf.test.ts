import { describe, expect, it } from 'vitest';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { dataOf, readCases, stepsOf } from '../../../../test/golden/fixtures.ts';
import { floatData, floats, maskOf, rowOf, runSteps, type TestData } from '../../../../test/golden/run-step.ts';
import { createControlBlock, openControl, readCurve, requestStop } from '../../../control.ts';
import type { InputArray } from '../../../job.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';

const g = datasetG();
const dataG = (inputs: Readonly<Record<string, InputArray>> = {}): TestData =>
  floatData(g, gShape.navigation, gShape.signal, inputs);
const fit = (parameters: Readonly<Record<string, unknown>>, data = dataG(), options = {}): Promise<AlgorithmOutput> =>
  runSteps(data, [{ do: 'decomposition', algorithm: 'NMF', parameters }], options);

const close = (found: readonly number[], expected: readonly number[], digits: number): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits));
};

/** ‖X − L Fᵀ‖²/2 of what was returned, added up value by value. */
function misfit(output: AlgorithmOutput, x: Float64Array, channels: number): number {
  const [l, f] = [floats(output, 'loadings'), floats(output, 'factors')];
  const k = output.arrays['factors']!.shape[1]!;
  let sum = 0;
  x.forEach((value, at) => {
    const [i, j] = [Math.floor(at / channels), at % channels];
    let rest = value;
    for (let t = 0; t < k; t++) rest -= l[i * k + t]! * f[j * k + t]!;
    sum += rest * rest;
  });
  return sum / 2;
}

describe('coordinate descent on dataset G', () => {
  it('with default settings does 20 sweeps to the reference numbers, largest component first', async () => {
    const output = await fit({ output_dimension: 3 });
    expect(output.scalars).toMatchObject({ iterations: 20, converged: true });
    expect(Math.sqrt(2 * misfit(output, g, 12))).toBeCloseTo(25.436975, 6);
    expect(output.scalars['objective']).toBeCloseTo(misfit(output, g, 12), 6);
    expect(output.arrays['component_order']!.data).toEqual(Int32Array.of(2, 1, 0));
    // the reference keeps the order of the fit: .710708 .478075 .425629 and 32.680261 214.377622 61.526276
    close(rowOf(output, 'loadings', 7), [0.425629, 0.478075, 0.710708], 6);
    close(rowOf(output, 'factors', 3), [61.526276, 214.377622, 32.680261], 6);
    expect(output.notes).toEqual([]);
  });

  it('goes on to the least misfit of two components when it may', async () => {
    const output = await fit({ output_dimension: 2, tol: 1e-10, max_iter: 20_000 });
    expect(Math.sqrt(2 * misfit(output, g, 12))).toBeCloseTo(18.318123, 6);
    expect(output.scalars['iterations']).toBe(119);
  });

  it('goes on to the least misfit of three components in 20 000 sweeps, and says that it had not settled', async () => {
    const output = await fit({ output_dimension: 3, tol: 0, max_iter: 20_000 });
    expect(Math.sqrt(2 * misfit(output, g, 12))).toBeCloseTo(14.692382, 5);
    expect(output.scalars['converged']).toBe(false);
    expect(output.notes.join(' ')).toMatch(/20000 sweeps.*max_iter/);
  });

  it('never raises the objective', async () => {
    const control = openControl(createControlBlock());
    const output = await fit({ output_dimension: 3 }, dataG(), { control });
    const curve = readCurve(control.block);
    expect(curve.length).toBe(40);
    for (let i = 3; i < curve.length; i += 2) expect(curve[i]!).toBeLessThanOrEqual(curve[i - 2]!);
    expect(curve.at(-1)).toBe(output.scalars['objective']);
  });
});

// scikit-learn 1.2.1, NMF(3, …).fit_transform on dataset G: sweeps, misfit + penalties
describe.each([
  ['cd', { init: 'nndsvd' }, 200, 123.44151635020575],
  ['cd, both penalties', { alpha_W: 0.1, l1_ratio: 0.3 }, 28, 7025.298295906944],
  ['cd, sparse', { alpha_W: 0.1, alpha_H: 0.01, l1_ratio: 1 }, 20, 730.034510632234],
  ['mu', { solver: 'mu' }, 50, 266.27820843207104],
  ['mu, penalties', { solver: 'mu', alpha_W: 0.1, alpha_H: 0.01, l1_ratio: 0.5 }, 50, 3283.0079484757644],
  ['mu, KL', { solver: 'mu', beta_loss: 'kullback-leibler' }, 70, 7.031054538677177],
  [
    'mu, KL, penalties',
    { solver: 'mu', beta_loss: 'kullback-leibler', alpha_W: 0.01, alpha_H: 0.02, l1_ratio: 0.5 },
    90,
    251.85204255873043,
  ],
  ['mu, IS', { solver: 'mu', beta_loss: 'itakura-saito' }, 200, 0.20709479616641607],
] as const)('%s', (_, parameters, iterations, objective) => {
  it('takes as many sweeps and reaches the same objective as scikit-learn', async () => {
    const output = await fit({ output_dimension: 3, ...parameters });
    expect(output.scalars['iterations']).toBe(iterations);
    expect(Number(output.scalars['objective']) / objective).toBeCloseTo(1, 9);
  });
});

describe('a given start', () => {
  const w = Float64Array.from({ length: 60 }, (_, at) => {
    const [i, t] = [Math.floor(at / 3), at % 3];
    return 1 + i * 0.1 + t * (i % 3);
  });
  const h = Float64Array.from({ length: 36 }, (_, at) => 1 + Math.abs(Math.sin(Math.floor(at / 12) + (at % 12))));
  const given = {
    init_W: { shape: [20, 3], dtype: 'float64', data: w },
    init_H: { shape: [3, 12], dtype: 'float64', data: h },
  } as const;
  const custom = { output_dimension: 3, init: 'custom', max_iter: 7, tol: 0 };
  /** values of a row in the order of the fit */
  const unordered = (output: AlgorithmOutput, name: string, row: number): number[] => {
    const values: number[] = [];
    rowOf(output, name, row).forEach((value, j) => (values[output.arrays['component_order']!.data[j]!] = value));
    return values;
  };

  // scikit-learn 1.2.1, init='custom', 7 sweeps
  it('leads through the same seven sweeps as in scikit-learn', async () => {
    const output = await fit(custom, dataG(given));
    expect(Number(output.scalars['objective'])).toBeCloseTo(1217.5027800614737, 7);
    close(unordered(output, 'loadings', 7), [36.701859172725825, 3.765217130004648, 4.6712692027436535], 9);
    close(unordered(output, 'factors', 3), [3.8807243525397648, 0, 2.60215450515244], 9);
  });

  it('does so with penalties and with Kullback–Leibler steps', async () => {
    const penalized = await fit({ ...custom, alpha_W: 0.2, alpha_H: 0.3, l1_ratio: 0.4 }, dataG(given));
    expect(Number(penalized.scalars['objective'])).toBeCloseTo(20942.56388760308, 6);
    close(unordered(penalized, 'factors', 3), [4.938089360394121, 0, 0], 9);
    const counts = await fit({ ...custom, solver: 'mu', beta_loss: 'kullback-leibler' }, dataG(given));
    expect(Number(counts.scalars['objective'])).toBeCloseTo(803.4970754018427, 8);
    close(unordered(counts, 'loadings', 7), [8.599275494314506, 13.787768268946664, 19.476332461031564], 9);
  });

  it('may have its spectra stored as factors are', async () => {
    const standing = new Float64Array(36);
    for (let t = 0; t < 3; t++) for (let j = 0; j < 12; j++) standing[j * 3 + t] = h[t * 12 + j]!;
    const turned = { ...given, init_H: { shape: [12, 3], dtype: 'float64', data: standing } } as const;
    const [a, b] = [await fit(custom, dataG(given)), await fit(custom, dataG(turned))];
    expect(floats(b, 'factors')).toEqual(floats(a, 'factors'));
  });

  it('is refused by name when its shape or its values do not fit', async () => {
    const short = { ...given, init_W: { shape: [19, 3], dtype: 'float64', data: new Float64Array(57) } } as const;
    await expect(fit(custom, dataG(short))).rejects.toThrow(/init_W has shape \(19, 3\); \(20, 3\) is needed/);
    const negative = { ...given, init_H: { ...given.init_H, data: h.map((v) => -v) } };
    await expect(fit(custom, dataG(negative))).rejects.toThrow(/init_H must hold finite numbers of 0 or more/);
  });
});

describe('masks and scaling', () => {
  const pixelMask = Array.from({ length: 20 }, (_, i) => [0, 7, 13].includes(i));
  const channelMask = Array.from({ length: 12 }, (_, j) => [2, 9].includes(j));
  const masks = { navigation_mask: maskOf(pixelMask, [4, 5]), signal_mask: maskOf(channelMask) };

  // scikit-learn on the kept rows and columns, scipy's nnls for the others
  it('leave masked pixels and channels out, as NaN', async () => {
    const output = await fit({ output_dimension: 3 }, dataG(masks));
    expect(output.scalars['iterations']).toBe(9);
    expect(Number(output.scalars['objective'])).toBeCloseTo(100.94770224502645, 8);
    expect(rowOf(output, 'loadings', 7)).toEqual([NaN, NaN, NaN]);
    expect(rowOf(output, 'factors', 2)).toEqual([NaN, NaN, NaN]);
    close(rowOf(output, 'loadings', 1).toSorted(), [0.10041465, 0.36030545, 0.43556448], 7);
  });

  it('fill them in by non-negative least squares when asked', async () => {
    const output = await fit({ output_dimension: 3, reproject: 'both' }, dataG(masks));
    const sorted = (row: number[]): number[] => row.toSorted((a, b) => a - b);
    close(sorted(rowOf(output, 'loadings', 7)), [0.27192663, 0.46809539, 0.73078365], 7);
    close(sorted(rowOf(output, 'factors', 9)), [1.18946689, 58.35629441, 86.47024506], 6);
  });

  // scikit-learn on X/√(a bᵀ), then times √a and √b
  it('scale counts before the fit and back after it', async () => {
    const output = await fit({ output_dimension: 3, normalize_poissonian_noise: true });
    expect(output.scalars['iterations']).toBe(200);
    expect(Number(output.scalars['objective'])).toBeCloseTo(0.00025239645353261863, 12);
    const byHeight = (row: number[]): number[] => row.toSorted((a, b) => a - b);
    close(byHeight(rowOf(output, 'loadings', 7)), [2.66037327, 3.43659118, 4.12790046], 5);
    close(byHeight(rowOf(output, 'factors', 3)), [0.02414608, 16.63627109, 23.10537678], 5);
  });

  it('leave empty pixels and channels at 0', async () => {
    const x = g.slice();
    x.fill(0, 24, 36);
    for (let i = 0; i < 20; i++) x[i * 12 + 5] = 0;
    const data = floatData(x, gShape.navigation, gShape.signal);
    for (const parameters of [{}, { solver: 'mu', beta_loss: 'kullback-leibler' }]) {
      const output = await fit({ output_dimension: 2, normalize_poissonian_noise: true, ...parameters }, data);
      close(rowOf(output, 'loadings', 2), [0, 0], 12);
      close(rowOf(output, 'factors', 5), [0, 0], 12);
      expect(floats(output, 'loadings').every(Number.isFinite)).toBe(true);
    }
  });
});

describe('unusual data', () => {
  const filled = (value: (i: number, j: number) => number, pixels: number, channels: number): TestData => {
    const x = Float64Array.from({ length: pixels * channels }, (_, at) =>
      value(Math.floor(at / channels), at % channels),
    );
    return floatData(x, [pixels], [channels]);
  };

  it('that are all 0 give components that are 0', async () => {
    const output = await fit(
      { output_dimension: 2 },
      filled(() => 0, 6, 5),
    );
    expect(output.scalars).toMatchObject({ iterations: 1, objective: 0, converged: true });
    expect(floats(output, 'factors').every((v) => v === 0)).toBe(true);
  });

  it('of rank one are described by one component however many are asked for', async () => {
    const output = await fit(
      { output_dimension: 3, tol: 1e-12, max_iter: 5000 },
      filled((i, j) => (1 + i) * (2 + j), 9, 7),
    );
    expect(Number(output.scalars['captured_fraction'])).toBeCloseTo(1, 9);
  });

  it('with fewer pixels than channels are fitted too', async () => {
    const x = new Float64Array(240);
    for (let i = 0; i < 20; i++) for (let j = 0; j < 12; j++) x[j * 20 + i] = g[i * 12 + j]!;
    const output = await fit({ output_dimension: 3 }, floatData(x, [12], [20]));
    expect(output.scalars['iterations']).toBe(15);
    expect(Number(output.scalars['objective'])).toBeCloseTo(326.9179407814012, 8);
  });

  it('with negative values are refused with what to do', async () => {
    const x = g.slice();
    x[5] = -3;
    await expect(fit({ output_dimension: 2 }, floatData(x, [4, 5], [12]))).rejects.toMatchObject({
      code: 'negative-data',
      message: expect.stringMatching(/1 value is negative \(the lowest is -3\).*clip/s) as unknown,
    });
  });

  it('with zeros are refused by the measure that is infinite there', async () => {
    const x = g.slice();
    x[5] = 0;
    const run = fit({ output_dimension: 2, solver: 'mu', beta_loss: 'itakura-saito' }, floatData(x, [4, 5], [12]));
    await expect(run).rejects.toThrow(/itakura-saito needs data above 0/);
  });
});

describe('settings', () => {
  it('refuse more components than pixels or channels, by name', async () => {
    await expect(fit({ output_dimension: 13 })).rejects.toThrow(/output_dimension must be from 1 to 12 .* got 13/);
  });

  it('refuse another measure of misfit for coordinate descent', async () => {
    const run = fit({ output_dimension: 2, beta_loss: 'kullback-leibler' });
    await expect(run).rejects.toThrow(/beta_loss must be frobenius with solver cd/);
  });

  it('fit all components when none are given, and say so', async () => {
    const output = await fit({ max_iter: 3 });
    expect(output.arrays['factors']!.shape).toEqual([12, 12]);
    expect(output.notes[0]).toMatch(/output_dimension was not given, so all 12/);
  });

  it('say that the zeros of a start remain with multiplicative steps', async () => {
    const output = await fit({ output_dimension: 2, solver: 'mu', init: 'nndsvd' });
    expect(output.notes.join(' ')).toMatch(/Zeros of the nndsvd start stay 0/);
  });
});

describe('the seed', () => {
  it.each([{ init: 'random' }, { init: 'nndsvdar' }, { shuffle: true }])('decides the way of %o alone', async (p) => {
    const of = async (seed: number): Promise<Float64Array> =>
      floats(await fit({ output_dimension: 3, ...p }, dataG(), { seed }), 'factors');
    expect(await of(4)).toEqual(await of(4));
    expect(await of(4)).not.toEqual(await of(5));
  });

  it('does not matter otherwise', async () => {
    const a = await fit({ output_dimension: 3 }, dataG(), { seed: 1 });
    const b = await fit({ output_dimension: 3 }, dataG(), { seed: 2 });
    expect(floats(a, 'factors')).toEqual(floats(b, 'factors'));
  });
});

describe.each([
  ['cd', { solver: 'cd' }],
  ['mu', { solver: 'mu', beta_loss: 'kullback-leibler' }],
])('stopping %s', (_, parameters) => {
  it('throws away a cancelled fit', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(fit({ output_dimension: 3, ...parameters }, dataG(), { control })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('keeps what was reached, as not converged', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'keep');
    const output = await fit({ output_dimension: 3, ...parameters }, dataG(), { control });
    expect(output.scalars).toMatchObject({ iterations: 1, converged: false });
    expect(Number.isFinite(output.scalars['objective'])).toBe(true);
    expect(output.notes.join(' ')).toMatch(/Stopped after 1 sweep as you asked/);
  });
});

describe('the reference case', () => {
  const [fixture] = readCases(['NMF']);

  it('is fitted as well as by HyperSpy, without negative values', async () => {
    const data = dataOf(fixture!);
    const output = await runSteps(data, stepsOf(fixture!));
    const expected = Number(fixture!.expected.scalars['residual_norm']);
    expect(Math.sqrt(2 * Number(output.scalars['objective']))).toBeLessThanOrEqual(expected * (1 + 1e-5));
    for (const name of ['factors', 'loadings']) expect(Math.min(...floats(output, name))).toBeGreaterThanOrEqual(0);
  });
});
