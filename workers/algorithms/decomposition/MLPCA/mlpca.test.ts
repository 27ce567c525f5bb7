import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve, requestStop } from '../../../control.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { createRowFile } from '../../../passes/row-target.ts';
import { validateParameters } from '../../../specs/validate.ts';
import { elbowPosition } from '../pipeline/elbow.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { dataOf, fixturePath, readCases, stepsOf } from '../../../../test/golden/fixtures.ts';
import { aligned, relativeFrobenius, subspaceAngle } from '../../../../test/golden/metrics.ts';
import { readNpy, readValues } from '../../../../test/golden/npy.ts';
import { floatData, floats, maskOf, rowOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import { run } from './run.ts';
import { mlpca } from './spec.ts';
import {
  alternate,
  arrayOf,
  decompose,
  matrixOf,
  modelOf,
  positiveModel,
  weightedError,
  withNoise,
} from './test-data.ts';

const closeTo = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(found[i]! - expected[i]!) <= tolerance)) {
      expect.fail(`value ${i}: ${found[i]} instead of ${expected[i]} ± ${tolerance}`);
    }
  }
};

describe('dataset G with three components', () => {
  const data = floatData(datasetG(), gShape.navigation, gShape.signal);
  const fit = () => decompose(data, { output_dimension: 3 });

  // HyperSpy 1.7.3 (spec/algorithms.md section 17), which stops at a relative change of 1e-10: the last printed digits are
  // not converged there.
  it('gives HyperSpy’s numbers as far as HyperSpy has converged', async () => {
    const output = await fit();
    const variance = floats(output, 'explained_variance');
    [169841.394456, 13242.732792, 6.63312].forEach((v, i) => expect(variance[i]! / v).toBeCloseTo(1, 5));
    closeTo(floats(output, 'explained_variance_ratio').subarray(0, 3), [0.927635, 0.072329, 0.000036], 5e-7);
    closeTo(rowOf(output, 'factors', 3), [0.515882, -0.359495, 0.367329], 2e-6);
    closeTo(rowOf(output, 'loadings', 7), [283.0939, -17.525489, 1.427431], 2e-5);
    const x = datasetG();
    const model = modelOf(output);
    expect(Math.hypot(...x.map((v, at) => v - model[at]!))).toBeCloseTo(16.914374, 4);
  });

  // alternating least squares in NumPy, 3000 pairs of half-steps from the same start
  it('gives the numbers of plain alternation at its end when asked for all digits', async () => {
    const output = await decompose(data, { output_dimension: 3, tol: 1e-15 });
    expect(output.scalars.objective).toBeCloseTo(7.063189581362, 10);
    closeTo(floats(output, 'explained_variance'), [169841.39432, 13242.732848, 6.6331208564], 2e-6);
    closeTo(rowOf(output, 'factors', 3), [0.5158815107, -0.3594947587, 0.367328167], 1e-8);
    closeTo(rowOf(output, 'loadings', 7), [283.0939004979, -17.5254839622, 1.4274169831], 1e-6);
  });

  it('lists ratios of all twelve components, of which HyperSpy would count four', async () => {
    const output = await fit();
    const ratios = floats(output, 'explained_variance_ratio');
    expect(ratios.length).toBe(12);
    expect([...ratios.subarray(3)]).toEqual(new Array(9).fill(0));
    expect(elbowPosition(ratios, { floor: 0 }) + 1).toBe(4);
    expect(output.scalars.number_significant_components).toBeLessThanOrEqual(3);
  });
});

describe.each(readCases(['MLPCA']))('$id', (fixture) => {
  const { values: x } = readValues(fixturePath(fixture.inputs.data!));
  const variances = (): Float64Array => {
    if (fixture.inputs.var_array) return readValues(fixturePath(fixture.inputs.var_array)).values;
    const coefficients = fixture.parameters.var_func as number[] | undefined;
    return coefficients ? x.map((v) => coefficients.reduce((sum, c) => sum * v + c, 0)) : x;
  };
  const weights = variances().map((v) => (v === 0 ? 1 : 1 / v));

  it('has an objective no larger than HyperSpy’s and the same model', async () => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    const error = weightedError(x, modelOf(output), weights);
    expect(error).toBeLessThanOrEqual(Number(fixture.expected.scalars.objective) * (1 + 1e-12));
    expect(output.scalars.objective).toBeCloseTo(error, 6);
    const expected = (name: string) => {
      const { shape, values } = readValues(fixturePath(fixture.expected.arrays[name]!));
      return aligned(matrixOf(output, name), createMatrix(shape[0]!, shape[1]!, values), 3);
    };
    const [f, fExpected] = expected('factors');
    const [l, lExpected] = expected('loadings');
    expect(subspaceAngle(f, fExpected)).toBeLessThan(1e-2);
    expect(subspaceAngle(l, lExpected)).toBeLessThan(1e-2);
    const product = (a: typeof l, b: typeof f): Float64Array =>
      Float64Array.from({ length: a.rows * b.rows }, (_, at) => {
        const [i, j] = [Math.floor(at / b.rows), at % b.rows];
        return [0, 1, 2].reduce((sum, c) => sum + a.data[i * 3 + c]! * b.data[j * 3 + c]!, 0);
      });
    expect(relativeFrobenius(product(l, f), product(lExpected, fExpected))).toBeLessThan(3e-3);
  });

  it('gives the same bits from its file as from memory', async () => {
    const data = dataOf(fixture);
    const path = fixturePath(fixture.inputs.data!);
    const { dtype, samples, features } = data.source;
    const source = { kind: 'raw' as const, path, offset: readNpy(path).offset, littleEndian: true };
    const fromFile = await runSteps({ ...data, source: { ...source, dtype, samples, features } }, stepsOf(fixture));
    expect(fromFile).toEqual(await runSteps(data, stepsOf(fixture)));
  });
});

const [pixels, channels] = [70, 30];
const truth = positiveModel(pixels, channels, 3);
const noise = truth.map((v, at) => (0.02 + 0.3 * ((at * 7) % 5)) * (1 + 0.1 * v));
const noisy = withNoise(truth, noise);
const varied = { var_array: arrayOf(noise, [pixels, channels]) };

describe('the fit', () => {
  it('ends where plain alternation ends, with no larger objective', async () => {
    const output = await decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 4 });
    const random = createRandom(1);
    const start = createMatrix(
      pixels,
      4,
      Float64Array.from({ length: pixels * 4 }, () => random.gaussian()),
    );
    const w = createMatrix(
      pixels,
      channels,
      noise.map((v) => 1 / v),
    );
    const plain = alternate(createMatrix(pixels, channels, noisy), w, start, 150);
    expect(output.scalars.converged).toBe(true);
    expect(Number(output.scalars.objective)).toBeLessThanOrEqual(plain.error * (1 + 1e-9));
    expect(Number(output.scalars.objective)).toBeGreaterThan(plain.error * (1 - 1e-3));
    expect(weightedError(noisy, modelOf(output), w.data)).toBeCloseTo(Number(output.scalars.objective), 7);
  });

  it('lowers the objective at every point of its curve', async () => {
    const block = createControlBlock();
    await decompose(
      floatData(noisy, [pixels], [channels], varied),
      { output_dimension: 5 },
      { control: openControl(block) },
    );
    const objectives = readCurve(block).filter((_, at) => at % 2 === 1);
    expect(objectives.length).toBeGreaterThan(5);
    for (let i = 1; i < objectives.length; i++) expect(objectives[i]!).toBeLessThan(objectives[i - 1]!);
  });

  it('is that of the turned data with the sides exchanged', async () => {
    const turn = (m: Float64Array): Float64Array =>
      m.map((_, at) => m[(at % pixels) * channels + Math.floor(at / pixels)]!);
    const upright = await decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 3 });
    const inputs = { var_array: arrayOf(turn(noise), [channels, pixels]) };
    const turned = await decompose(floatData(turn(noisy), [channels], [pixels], inputs), { output_dimension: 3 });
    expect(Number(turned.scalars.objective)).toBeCloseTo(Number(upright.scalars.objective), 5);
    closeTo(modelOf(turned), turn(modelOf(upright)), 1e-3);
  });

  it('with the same variance everywhere is the truncated SVD', async () => {
    const data = floatData(noisy, [pixels], [channels]);
    const output = await decompose(data, { output_dimension: 3, var_func: 'uniform', tol: 1e-14 });
    const svd = await runSteps(data, [{ do: 'decomposition', parameters: { output_dimension: 3 } }]);
    closeTo(floats(output, 'loadings'), floats(svd, 'loadings'), 1e-4);
    closeTo(floats(output, 'factors'), floats(svd, 'factors'), 1e-5);
    const expected = floats(svd, 'explained_variance').map((v) => (v * pixels) / channels);
    closeTo(floats(output, 'explained_variance'), expected, 1e-7);
    closeTo(floats(output, 'captured_fractions'), floats(svd, 'captured_fractions'), 1e-9);
  });

  it('has orthonormal factors and positive peaks of the loadings', async () => {
    const output = await decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 3 });
    const f = matrixOf(output, 'factors');
    const l = matrixOf(output, 'loadings');
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        let sum = 0;
        for (let j = 0; j < channels; j++) sum += f.data[j * 3 + a]! * f.data[j * 3 + b]!;
        expect(sum).toBeCloseTo(a === b ? 1 : 0, 12);
      }
      const column = Array.from({ length: pixels }, (_, i) => l.data[i * 3 + a]!);
      expect(column.reduce((x, y) => (Math.abs(y) > Math.abs(x) ? y : x))).toBeGreaterThan(0);
    }
  });

  it('does not depend on the unit of the variances', async () => {
    const scaled = {
      var_array: arrayOf(
        noise.map((v) => v * 1e6),
        [pixels, channels],
      ),
    };
    const one = await decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 3 });
    const other = await decompose(floatData(noisy, [pixels], [channels], scaled), { output_dimension: 3 });
    closeTo(modelOf(other), modelOf(one), 1e-4);
    expect(Number(other.scalars.objective) * 1e6).toBeCloseTo(Number(one.scalars.objective), 5);
  });
});

describe('variances from the data', () => {
  const counts = truth.map((v) => Math.round(v));
  const data = floatData(counts, [pixels], [channels]);
  const withArray = (variances: Float64Array) =>
    decompose(floatData(counts, [pixels], [channels], { var_array: arrayOf(variances, [pixels, channels]) }), {
      output_dimension: 2,
    });

  it.each([
    ['nothing', null, (v: number) => v],
    ['poisson', 'poisson', (v: number) => v],
    ['absolute', 'absolute', Math.abs],
    ['relative', 'relative', (v: number) => v * v],
    ['uniform', 'uniform', () => 1],
    ['a polynomial, highest power first', [0.5, 2, 3], (v: number) => 0.5 * v * v + 2 * v + 3],
    ['a constant', [4], () => 4],
  ] as const)('by %s are those of the formula', async (_name, var_func, formula) => {
    const output = await decompose(data, { output_dimension: 2, var_func });
    const same = await withArray(counts.map(formula));
    closeTo(modelOf(output), modelOf(same), 1e-9);
    expect(output.scalars.objective).toBeCloseTo(Number(same.scalars.objective), 8);
  });

  it('of zero weigh one', async () => {
    const holes = noise.map((v, at) => (at % 11 === 3 ? 0 : v));
    const ones = noise.map((v, at) => (at % 11 === 3 ? 1 : v));
    const fit = (v: Float64Array) =>
      decompose(floatData(noisy, [pixels], [channels], { var_array: arrayOf(v, [pixels, channels]) }), {
        output_dimension: 3,
      });
    expect(floats(await fit(holes), 'loadings')).toEqual(floats(await fit(ones), 'loadings'));
  });

  it('below zero are refused with their number and the lowest', async () => {
    const negative = noise.slice();
    negative[5] = -2;
    negative[99] = -0.5;
    const inputs = { var_array: arrayOf(negative, [pixels, channels]) };
    const run = decompose(floatData(noisy, [pixels], [channels], inputs), { output_dimension: 2 });
    await expect(run).rejects.toMatchObject({ code: 'negative-data', details: { negative: 2, min: -2 } });
    await expect(run).rejects.toThrow(/var_array must hold variances/);
  });

  it('cannot be negative counts', async () => {
    const below = counts.map((v, at) => (at === 17 ? -3 : v));
    const run = decompose(floatData(below, [pixels], [channels]), { output_dimension: 2 });
    await expect(run).rejects.toThrow(/^1 variance is negative \(the lowest is -3\)\. As counts .*var_func/);
    const polynomial = decompose(floatData(below, [pixels], [channels]), { output_dimension: 2, var_func: [1, 0.5] });
    await expect(polynomial).rejects.toThrow(/the lowest is -2.5.*coefficients of var_func/);
  });

  it('come from the array or the function, not both', async () => {
    const run = decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 2, var_func: 'poisson' });
    await expect(run).rejects.toThrow(/^var_func must be empty when var_array is given/);
  });

  it('of another shape are refused with both shapes', async () => {
    const inputs = { var_array: arrayOf(noise, [channels, pixels]) };
    const run = decompose(floatData(noisy, [pixels], [channels], inputs), { output_dimension: 2 });
    await expect(run).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(run).rejects.toThrow(/var_array has shape \(30, 70\); \(70, 30\) is needed/);
  });

  it.each(['gauss', [], [NaN], 3])('are not taken from %j', async (var_func) => {
    await expect(decompose(data, { output_dimension: 2, var_func })).rejects.toThrow(
      /^var_func must be a list of 1 to 32 numbers or one of poisson, absolute, relative, uniform; got/,
    );
  });
});

describe('missing values', () => {
  const random = createRandom(9);
  const missing = truth.map(() => (random.uniform() < 0.3 ? 1 : 0));
  const fit = (x: Float64Array, variances: Float64Array) =>
    decompose(floatData(x, [pixels], [channels], { var_array: arrayOf(variances, [pixels, channels]) }), {
      output_dimension: 3,
      tol: 1e-14,
    });

  it.each([
    ['NaN', NaN],
    ['infinite', Infinity],
  ])('that are %s are found again in data of three components', async (_name, hole) => {
    const output = await fit(
      truth.map((v, at) => (missing[at] ? hole : v)),
      noise,
    );
    closeTo(modelOf(output), truth, 1e-5);
    expect(floats(output, 'captured_fractions')[2]).toBeCloseTo(1, 12);
    expect(output.notes.join()).toContain(`${missing.reduce((a, b) => a + b)} of 2100 values count for nothing`);
  });

  it('with a variance that is infinite or unknown count for as little', async () => {
    const wrong = noisy.map((v, at) => (missing[at] ? 1e3 : v));
    const holes = noisy.map((v, at) => (missing[at] ? NaN : v));
    const infinite = await fit(
      wrong,
      noise.map((v, at) => (missing[at] ? Infinity : v)),
    );
    const unknown = await fit(
      wrong,
      noise.map((v, at) => (missing[at] ? NaN : v)),
    );
    const expected = Number((await fit(holes, noise)).scalars.objective);
    expect(Number(infinite.scalars.objective)).toBeCloseTo(expected, 5);
    expect(floats(unknown, 'factors')).toEqual(floats(infinite, 'factors'));
  });

  it('that make up a whole pixel and a whole channel leave zeros there, and a note', async () => {
    const x = noisy.map((v, at) => (Math.floor(at / channels) === 4 || at % channels === 6 ? NaN : v));
    const output = await fit(x, noise);
    expect(rowOf(output, 'loadings', 4).every((v) => Math.abs(v) < 1e-9)).toBe(true);
    expect(rowOf(output, 'factors', 6).every((v) => Math.abs(v) < 1e-9)).toBe(true);
    expect(output.notes.join()).toContain('1 pixels and 1 channels do not determine');
  });

  it('everywhere are refused', async () => {
    const run = decompose(
      floatData(
        truth.map(() => NaN),
        [pixels],
        [channels],
      ),
      { output_dimension: 2 },
    );
    await expect(run).rejects.toMatchObject({ code: 'not-finite' });
  });
});

describe('masks', () => {
  const nav = Array.from({ length: pixels }, (_, i) => i % 9 === 2);
  const sig = Array.from({ length: channels }, (_, j) => j === 0 || j === 13);
  const masks = { navigation_mask: maskOf(nav, [7, 10]), signal_mask: maskOf(sig) };
  const keptOf = (values: Float64Array): Float64Array =>
    values.filter((_, at) => !nav[Math.floor(at / channels)] && !sig[at % channels]);
  const [n, m] = [nav.filter((v) => !v).length, sig.filter((v) => !v).length];
  const fullArray = { ...masks, var_array: arrayOf(noise, [7, 10, channels]) };
  const keptArray = { ...masks, var_array: arrayOf(keptOf(noise), [n, m]) };
  const fit = (x: Float64Array, inputs: typeof fullArray, parameters = {}) =>
    decompose(floatData(x, [7, 10], [channels], inputs), { output_dimension: 3, ...parameters });

  it('apply to the variances of the full shape, or these cover what is left', async () => {
    const rest = await decompose(floatData(keptOf(noisy), [n], [m], { var_array: arrayOf(keptOf(noise), [n, m]) }), {
      output_dimension: 3,
    });
    for (const inputs of [fullArray, keptArray]) {
      const output = await fit(noisy, inputs);
      closeTo(
        floats(output, 'loadings').filter((v) => !Number.isNaN(v)),
        floats(rest, 'loadings'),
        1e-9,
      );
      expect(rowOf(output, 'loadings', 2).every(Number.isNaN)).toBe(true);
      expect(rowOf(output, 'factors', 13).every(Number.isNaN)).toBe(true);
      closeTo(floats(output, 'explained_variance'), floats(rest, 'explained_variance'), 1e-9);
    }
  });

  it('are filled in by weighted least squares', async () => {
    const output = await fit(noisy, fullArray, { reproject: 'both' });
    const w = noise.map((v) => 1 / v);
    const f = matrixOf(output, 'factors');
    // the gradient of the weighted error of a left-out pixel over its kept channels vanishes
    const loading = rowOf(output, 'loadings', 11);
    for (let c = 0; c < 3; c++) {
      let slope = 0;
      let size = 0;
      for (let j = 0; j < channels; j++) {
        if (sig[j]) continue;
        const fitted = loading.reduce((sum, v, k) => sum + v * f.data[j * 3 + k]!, 0);
        slope += w[11 * channels + j]! * (noisy[11 * channels + j]! - fitted) * f.data[j * 3 + c]!;
        size += w[11 * channels + j]! * noisy[11 * channels + j]! ** 2;
      }
      expect(Math.abs(slope)).toBeLessThan(1e-10 * size);
    }
    expect(output.notes).toEqual([]);
  });

  it.each([fullArray, keptArray])('come back exactly in data of three components', async (inputs) => {
    const output = await fit(truth, inputs, { reproject: 'both', tol: 1e-14 });
    closeTo(modelOf(output), truth, 1e-6);
  });

  it('without variances of what was left out say how it was filled in', async () => {
    const output = await fit(noisy, keptArray, { reproject: 'both' });
    expect(output.notes).toHaveLength(2);
    expect(output.notes[0]).toMatch(/no variances of the left-out pixels; .* all values counting alike/);
  });
});

describe('unusual data', () => {
  it('of empty pixels and channels stay near zero there', async () => {
    const counts = truth.map((v, at) =>
      Math.floor(at / channels) === 3 || at % channels === 5 ? 0 : Math.max(0, Math.round(v)),
    );
    const output = await decompose(floatData(counts, [pixels], [channels]), { output_dimension: 3 });
    expect(output.scalars.converged).toBe(true);
    expect(rowOf(output, 'loadings', 3).every((v) => Math.abs(v) < 1e-8)).toBe(true);
    expect(rowOf(output, 'factors', 5).every((v) => Math.abs(v) < 1e-8)).toBe(true);
  });

  it.each([
    ['all equal', () => 7],
    ['all zero', () => 0],
    ['of one component', (at: number) => (1 + Math.floor(at / channels)) * (1 + (at % channels))],
  ] as const)('that are %s are fitted without rest by more components than they have', async (_name, value) => {
    const x = Float64Array.from({ length: pixels * channels }, (_, at) => value(at));
    const output = await decompose(floatData(x, [pixels], [channels]), { output_dimension: 3 });
    expect(output.scalars.converged).toBe(true);
    closeTo(modelOf(output), x, 1e-8);
    expect(floats(output, 'factors').every(Number.isFinite)).toBe(true);
  });

  it.each([
    [8, 5],
    [5, 8],
    [6, 6],
  ])('of %d × %d values are rebuilt by all components', async (rows, cols) => {
    const random = createRandom(2);
    const x = Float64Array.from({ length: rows * cols }, () => 1 + 5 * random.uniform());
    const output = await decompose(floatData(x, [rows], [cols]), { output_dimension: Math.min(rows, cols) });
    closeTo(modelOf(output), x, 1e-6);
  });

  it.each([
    ['float32', Float32Array],
    ['uint16', Uint16Array],
    ['uint8', Uint8Array],
  ] as const)('of type %s give what float64 gives', async (dtype, Typed) => {
    const x = Typed.from(truth);
    const source = sharedSource(x, dtype, pixels, channels);
    const data = { navigationShape: [pixels], signalShape: [channels], source };
    const output = await decompose(data, { output_dimension: 3 });
    const same = await decompose(floatData(Float64Array.from(x), [pixels], [channels]), { output_dimension: 3 });
    expect(floats(output, 'loadings')).toEqual(floats(same, 'loadings'));
    expect(output.notes.join()).toContain(dtype);
  });

  it('of a scale far from one are fitted as well', async () => {
    for (const unit of [1e-120, 1e120]) {
      const inputs = {
        var_array: arrayOf(
          noise.map((v) => v * unit * unit),
          [pixels, channels],
        ),
      };
      const output = await decompose(
        floatData(
          noisy.map((v) => v * unit),
          [pixels],
          [channels],
          inputs,
        ),
        { output_dimension: 3 },
      );
      expect(output.scalars.converged).toBe(true);
      const plain = await decompose(floatData(noisy, [pixels], [channels], varied), { output_dimension: 3 });
      expect(Number(output.scalars.objective)).toBeCloseTo(Number(plain.scalars.objective), 4);
    }
  });
});

describe('where memory is short', () => {
  it('copies of turned, masked and incomplete data go to files, with the same bits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlpca-'));
    try {
      const x = noisy.slice(0, 20 * channels).map((v, at) => (at === 77 ? NaN : v));
      const inputs = {
        navigation_mask: maskOf(Array.from({ length: 20 }, (_, i) => i === 5)),
        var_array: arrayOf(noise.slice(0, 20 * channels), [20, channels]),
      };
      const data = floatData(x, [20], [channels], inputs);
      const checked = validateParameters(mlpca, {
        output_dimension: 2,
        navigation_mask: 'navigation_mask',
        var_array: 'var_array',
      });
      if (!checked.ok) throw new Error('The parameters are right');
      const files: string[] = [];
      const job = {
        ...createLocalJob(0),
        allocateRows: (name: string) => {
          files.push(name);
          return createRowFile(folder, name);
        },
      };
      const { navigationShape, signalShape, source } = data;
      const fromFiles = await run({ navigationShape, signalShape, data: source, inputs }, checked.values, job);
      expect(files.toSorted()).toEqual(['mlpca-data', 'mlpca-start', 'mlpca-variances']);
      const inMemory = await decompose(data, { output_dimension: 2 });
      expect(fromFiles).toEqual(inMemory);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('stopping', () => {
  const data = floatData(noisy, [pixels], [channels], varied);

  it('on request throws the fit away', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'cancel');
    await expect(decompose(data, { output_dimension: 3 }, { control })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('and keeping returns what there is, not converged', async () => {
    const control = openControl(createControlBlock());
    requestStop(control.block, 'keep');
    const output = await decompose(data, { output_dimension: 4 }, { control });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 2 });
    expect(output.notes.at(-1)).toMatch(/stopped after 2 iterations/);
    const model = modelOf(output);
    expect(
      weightedError(
        noisy,
        model,
        noise.map((v) => 1 / v),
      ),
    ).toBeCloseTo(Number(output.scalars.objective), 6);
  });

  it('at the most iterations says so', async () => {
    const output = await decompose(data, { output_dimension: 5, max_iter: 6 });
    expect(output.scalars).toMatchObject({ converged: false, iterations: 6 });
    expect(output.notes.at(-1)).toMatch(/did not converge in 6 iterations.*max_iter/);
  });
});

describe('parameters', () => {
  const data = floatData(noisy.map(Math.abs), [pixels], [channels]);

  it('switch scaling for Poisson noise off with a note', async () => {
    const output = await decompose(data, { output_dimension: 2, normalize_poissonian_noise: true });
    expect(output.notes.join()).toContain('Scaling for Poisson noise was switched off');
    const plain = await decompose(data, { output_dimension: 2 });
    expect(floats(output, 'loadings')).toEqual(floats(plain, 'loadings'));
  });

  it.each([
    [{}, /^output_dimension must be given/],
    [{ output_dimension: 31 }, /^output_dimension must be from 1 to 30 for this data/],
    [{ output_dimension: 2, tol: -1 }, /^tol must be a number from 0 to 1; got -1/],
    [{ output_dimension: 2, max_iter: 1 }, /^max_iter must be a whole number from 2 to .*; got 1/],
    [{ output_dimension: 2, svd_solver: 'lapack' }, /^svd_solver must be one of auto, .*; got "lapack"/],
  ])('%j are refused by name', async (parameters, message) => {
    await expect(decompose(data, parameters)).rejects.toThrow(message);
  });

  it.each(['full', 'gram', 'randomized', 'arpack'])(
    'solver %s of the start leads to the same objective',
    async (svd_solver) => {
      const output = await decompose(data, { output_dimension: 3, svd_solver });
      const auto = await decompose(data, { output_dimension: 3 });
      const [a, b] = [Number(output.scalars.objective), Number(auto.scalars.objective)];
      expect(Math.abs(a - b)).toBeLessThan(1e-8 * b);
    },
  );
});
