import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve } from '../../../control.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { elbowPosition } from '../pipeline/elbow.ts';
import { datasetG, gShape } from '../../../../test/golden/dataset-g.ts';
import { dataOf, fixturePath, readCases, stepsOf } from '../../../../test/golden/fixtures.ts';
import { aligned, relativeFrobenius, subspaceAngle } from '../../../../test/golden/metrics.ts';
import { readNpy, readValues } from '../../../../test/golden/npy.ts';
import { floatData, floats, rowOf, runSteps } from '../../../../test/golden/run-step.ts';
import {
  alternate,
  arrayOf,
  channels,
  closeTo,
  decompose,
  matrixOf,
  modelOf,
  noise,
  noisy,
  pixels,
  varied,
  weightedError,
} from './test-data.ts';

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
