import { describe, expect, it } from 'vitest';
import { multiply } from '../../workers/linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../workers/linalg/matrix.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import { dataOf, fixturePath, readCases, stepsOf, type Case, type Check } from './fixtures.ts';
import { aligned, columnCorrelation, largestRelative, relativeFrobenius, subspaceAngle } from './metrics.ts';
import { readNpy, readValues } from './npy.ts';
import { floats, runSteps } from './run-step.ts';

const asMatrix = (shape: readonly number[], data: Float64Array): Matrix =>
  createMatrix(shape[0]!, data.length / shape[0]!, data);

function pairOf(fixture: Case, output: AlgorithmOutput, name: string, count?: number): [Matrix, Matrix] {
  const { shape, values } = readValues(fixturePath(fixture.expected.arrays[name]!));
  return aligned(asMatrix(output.arrays[name]!.shape, floats(output, name)), asMatrix(shape, values), count);
}

function valueOf(fixture: Case, output: AlgorithmOutput, check: Check): number {
  const name = check.output ?? '';
  const expected = (): Float64Array => readValues(fixturePath(fixture.expected.arrays[name]!)).values;
  switch (check.metric) {
    case 'max_rel':
      return largestRelative(floats(output, name), expected(), check.first);
    case 'rel_frobenius':
      return relativeFrobenius(floats(output, name), expected());
    case 'subspace_angle':
      return subspaceAngle(...pairOf(fixture, output, name, check.columns));
    case 'column_corr':
      return columnCorrelation(...pairOf(fixture, output, name, check.columns));
    case 'model_rel': {
      const [f, fExpected] = pairOf(fixture, output, 'factors', check.columns);
      const [l, lExpected] = pairOf(fixture, output, 'loadings', check.columns);
      const model = multiply(l, f, { transposeB: true });
      return relativeFrobenius(model.data, multiply(lExpected, fExpected, { transposeB: true }).data);
    }
    case 'scalar_exact':
      return output.scalars[name] === fixture.expected.scalars[name] ? 0 : 1;
    default:
      throw new Error(`Metric ${check.metric} is not known here`);
  }
}

const cases = readCases(['SVD', 'PCA', 'elbow', 'model']);

describe('the reference cases', () => {
  it('are all there', () => expect(cases.length).toBe(23));
});

describe.each(cases)('$id', (fixture) => {
  it('agrees with the reference within its tolerances', async () => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    for (const check of fixture.checks) {
      const value = valueOf(fixture, output, check);
      expect(value, `${check.metric} ${check.output ?? ''}`).toBeLessThanOrEqual(check.tolerance);
    }
  });

  // the stored components are cut to the columns that are compared
  it('has arrays of the reference’s rank and rows', async () => {
    const output = await runSteps(dataOf(fixture), stepsOf(fixture));
    for (const [name, path] of Object.entries(fixture.expected.arrays)) {
      const expected = readValues(fixturePath(path)).shape;
      const found = output.arrays[name]?.shape ?? [];
      expect([name, found.length, ...found.slice(0, -1)]).toEqual([name, expected.length, ...expected.slice(0, -1)]);
      expect(found.at(-1)).toBeGreaterThanOrEqual(expected.at(-1)!);
    }
  });
});

describe.each(readCases(['SVD', 'PCA']))('$id through the Gram matrix', (fixture) => {
  it('agrees with the reference within the same tolerances', async () => {
    const steps = stepsOf(fixture).map((step) => ({ ...step, parameters: { ...step.parameters, svd_solver: 'gram' } }));
    const output = await runSteps(dataOf(fixture), steps);
    for (const check of fixture.checks) {
      const value = valueOf(fixture, output, check);
      expect(value, `${check.metric} ${check.output ?? ''}`).toBeLessThanOrEqual(check.tolerance);
    }
  });
});

describe.each(readCases(['SVD', 'PCA']))('$id from its file', (fixture) => {
  it('gives the same bits as from memory', async () => {
    const data = dataOf(fixture);
    const path = fixturePath(fixture.inputs.data!);
    const { buffer: _memory, ...rest } = data.source as Extract<RowSource, { kind: 'shared' }>;
    const file: RowSource = { ...rest, kind: 'raw', path, offset: readNpy(path).offset, littleEndian: true };
    const fromFile = await runSteps({ ...data, source: file }, stepsOf(fixture));
    expect(fromFile).toEqual(await runSteps(data, stepsOf(fixture)));
  });
});

describe.each(readCases(['error']))('$id', (fixture) => {
  it('is refused with a message', async () => {
    const steps = runSteps(dataOf(fixture), stepsOf(fixture));
    await expect(steps).rejects.toBeInstanceOf(EigenscopeError);
    await expect(steps).rejects.toThrow(/\w{3,}.*\.$/s);
  });
});
