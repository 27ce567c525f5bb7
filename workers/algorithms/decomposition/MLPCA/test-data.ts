import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { leastSquares } from '../../../linalg/lstsq.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { InputArray } from '../../../job.ts';
import { floats, runSteps, type TestData } from '../../../../test/golden/run-step.ts';

export const decompose = (
  data: TestData,
  parameters: Readonly<Record<string, unknown>>,
  options: Parameters<typeof runSteps>[2] = {},
): Promise<AlgorithmOutput> => runSteps(data, [{ do: 'decomposition', algorithm: 'MLPCA', parameters }], options);

export const arrayOf = (data: Float64Array, shape: readonly number[]): InputArray => ({
  shape,
  dtype: 'float64',
  data,
});

/** Sums of k positive spectra. */
export function positiveModel(pixels: number, channels: number, k: number, seed = 3): Float64Array {
  const random = createRandom(seed);
  const l = createMatrix(
    pixels,
    k,
    Float64Array.from({ length: pixels * k }, () => 0.1 + random.uniform()),
  );
  const f = createMatrix(
    channels,
    k,
    Float64Array.from({ length: channels * k }, () => 30 * random.uniform()),
  );
  return multiply(l, f, { transposeB: true }).data;
}

/** The model with normal noise of these variances. */
export function withNoise(model: Float64Array, variances: Float64Array, seed = 7): Float64Array {
  const random = createRandom(seed);
  return model.map((v, at) => v + Math.sqrt(variances[at]!) * random.gaussian());
}

export const matrixOf = (output: AlgorithmOutput, name: string): Matrix => {
  const [rows = 0, cols = 0] = output.arrays[name]?.shape ?? [];
  return createMatrix(rows, cols, floats(output, name));
};

/** L Fᵀ, row-major. */
export const modelOf = (output: AlgorithmOutput): Float64Array =>
  multiply(matrixOf(output, 'loadings'), matrixOf(output, 'factors'), { transposeB: true }).data;

/** Σ w (x − m)². */
export const weightedError = (x: Float64Array, m: Float64Array, w: Float64Array): number =>
  x.reduce((sum, value, at) => sum + (w[at] === 0 ? 0 : w[at]! * (value - m[at]!) ** 2), 0);

/** The plain method, a least-squares problem per row and column, from given loadings, for `sweeps` pairs of half-steps. */
export function alternate(
  x: Matrix,
  w: Matrix,
  start: Matrix,
  sweeps: number,
): { l: Matrix; f: Matrix; error: number } {
  const p = start.cols;
  const half = (side: Matrix, along: 'rows' | 'cols'): Matrix => {
    const count = along === 'rows' ? x.rows : x.cols;
    const depth = along === 'rows' ? x.cols : x.rows;
    const at = (i: number, j: number): number => (along === 'rows' ? i * x.cols + j : j * x.cols + i);
    const out = createMatrix(count, p);
    for (let i = 0; i < count; i++) {
      const a = createMatrix(depth, p);
      const b = createMatrix(depth, 1);
      for (let j = 0; j < depth; j++) {
        const root = Math.sqrt(w.data[at(i, j)]!);
        b.data[j] = root * x.data[at(i, j)]!;
        for (let c = 0; c < p; c++) a.data[j * p + c] = root * side.data[j * p + c]!;
      }
      out.data.set(leastSquares(a, b).data, i * p);
    }
    return out;
  };
  let l = start;
  let f = half(l, 'cols');
  for (let sweep = 0; sweep < sweeps; sweep++) {
    l = half(f, 'rows');
    f = half(l, 'cols');
  }
  return { l, f, error: weightedError(x.data, multiply(l, f, { transposeB: true }).data, w.data) };
}

/** Fails where a value is further off than `tolerance`. */
export function closeTo(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  if (found.length !== expected.length) throw new Error(`${found.length} values instead of ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(found[i]! - expected[i]!) <= tolerance)) {
      throw new Error(`value ${i}: ${found[i]} instead of ${expected[i]} ± ${tolerance}`);
    }
  }
}

/** A positive model of three components, noise variances of every value, and the model with that noise. */
export const [pixels, channels] = [70, 30];
export const truth = positiveModel(pixels, channels, 3);
export const noise = truth.map((v, at) => (0.02 + 0.3 * ((at * 7) % 5)) * (1 + 0.1 * v));
export const noisy = withNoise(truth, noise);
export const varied = { var_array: arrayOf(noise, [pixels, channels]) };
