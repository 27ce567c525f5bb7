import { describe, expect, it } from 'vitest';
import { multiply } from '../../workers/linalg/gemm.ts';
import { createMatrix, frobeniusNorm, type Matrix } from '../../workers/linalg/matrix.ts';
import { dataOf, fixturePath, readCases } from './fixtures.ts';
import { readValues } from './npy.ts';
import { floats, runSteps } from './run-step.ts';

const cases = readCases(['OPNMF']);

/** 1 − the mean correlation of matched columns; both have few columns, so that all matches can be tried one by one. */
function unmatched(ours: Matrix, expected: Matrix): number {
  const column = (m: Matrix, j: number): number[] => {
    const values = Array.from({ length: m.rows }, (_, i) => m.data[i * m.cols + j]!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const length = Math.hypot(...values.map((v) => v - mean));
    return values.map((v) => (v - mean) / length);
  };
  const left = new Set(Array.from({ length: ours.cols }, (_, j) => j));
  let sum = 0;
  for (let e = 0; e < expected.cols; e++) {
    const wanted = column(expected, e);
    const score = (j: number): number => column(ours, j).reduce((s, v, i) => s + v * wanted[i]!, 0);
    const best = [...left].sort((a, b) => score(b) - score(a))[0]!;
    left.delete(best);
    sum += score(best);
  }
  return 1 - sum / expected.cols;
}

describe('the reference cases of OPNMF', () => {
  it('are all there', () => expect(cases.length).toBe(2));
});

describe.each(cases)('$id', (fixture) => {
  it('agrees with the reference within its tolerances', async () => {
    const { n_components: output_dimension, ...rest } = fixture.parameters;
    const data = dataOf(fixture);
    const parameters = { output_dimension, ...rest };
    const output = await runSteps(data, [{ do: 'decomposition', algorithm: 'OPNMF', parameters }]);
    const k = output_dimension as number;
    const [n, m] = [data.source.samples, data.source.features];
    const x = createMatrix(n, m, readValues(fixturePath(fixture.inputs.data!)).values);
    const w = createMatrix(n, k, floats(output, 'loadings'));
    const h = multiply(w, x, { transposeA: true });
    const model = multiply(w, h);
    const error = frobeniusNorm(
      createMatrix(
        n,
        m,
        x.data.map((v, at) => v - model.data[at]!),
      ),
    );
    const gram = multiply(w, w, { transposeA: true }).data.map((v, at) => v - (at % (k + 1) === 0 ? 1 : 0));
    const factors = floats(output, 'factors');
    const wanted = readValues(fixturePath(fixture.expected.arrays.W!)).values;
    const found: Record<string, number> = {
      opnmf_objective_excess: error / (fixture.expected.scalars.objective as number) - 1,
      nonnegative: -Math.min(0, ...w.data),
      orthonormality: gram.reduce((most, v) => Math.max(most, Math.abs(v)), 0),
      opnmf_h: factors.reduce(
        (most, v, at) => Math.max(most, Math.abs(v - h.data[(at % k) * m + Math.floor(at / k)]!)),
        0,
      ),
      matched_corr: unmatched(w, createMatrix(n, k, wanted)),
    };
    for (const { metric, tolerance } of fixture.checks) {
      expect(found[metric], metric).toBeDefined();
      expect(found[metric]!, metric).toBeLessThanOrEqual(tolerance);
    }
    expect(output.scalars.objective).toBeCloseTo(error, 6);
  });
});
