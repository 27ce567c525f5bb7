import { expect } from 'vitest';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { floats, runSteps, type TestData } from '../../../../test/golden/run-step.ts';

type Parameters = Readonly<Record<string, unknown>>;
export const decompose = (data: TestData, parameters: Parameters = {}): Promise<AlgorithmOutput> =>
  runSteps(data, [{ do: 'decomposition', parameters }]);
export const model = (
  data: TestData,
  parameters: Parameters = {},
  components: unknown = null,
): Promise<AlgorithmOutput> =>
  runSteps(data, [
    { do: 'decomposition', parameters },
    { do: 'get_decomposition_model', parameters: { components } },
  ]);

export function gaussian(rows: number, cols: number, seed: number): Matrix {
  const random = createRandom(seed);
  return createMatrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => random.gaussian()),
  );
}

/** rows × cols with these singular values. */
export function withSingularValues(rows: number, cols: number, s: readonly number[]): Float64Array {
  const u = qrThin(gaussian(rows, s.length, 1)).q;
  const v = qrThin(gaussian(cols, s.length, 2)).q;
  const scaled = createMatrix(
    rows,
    s.length,
    u.data.map((value, at) => value * s[at % s.length]!),
  );
  return multiply(scaled, v, { transposeB: true }).data;
}

/** Counts: sums of k positive spectra, rounded; pixel 3 and channel 5 are empty. */
export function counts(pixels: number, channels: number, k = 3): Float64Array {
  const random = createRandom(4);
  const weights = Float64Array.from({ length: pixels * k }, () => random.uniform());
  const spectra = Float64Array.from({ length: channels * k }, () => 40 * random.uniform());
  const x = new Float64Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    for (let j = 0; j < channels; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += weights[i * k + c]! * spectra[j * k + c]!;
      x[i * channels + j] = i === 3 || j === 5 ? 0 : Math.round(sum + random.uniform());
    }
  }
  return x;
}

export function closeTo(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(found[i]! - expected[i]!) <= tolerance)) {
      expect.fail(`value ${i}: ${found[i]} instead of ${expected[i]} ± ${tolerance}`);
    }
  }
}

export const matrixOf = (output: AlgorithmOutput, name: string): Matrix => {
  const [rows = 0, cols = 0] = output.arrays[name]?.shape ?? [];
  return createMatrix(rows, cols, floats(output, name));
};

export function expectOrthonormal(a: Matrix, tolerance: number): void {
  const product = multiply(a, a, { transposeA: true }).data;
  closeTo(
    product,
    product.map((_, at) => (at % (a.cols + 1) === 0 ? 1 : 0)),
    tolerance,
  );
}
