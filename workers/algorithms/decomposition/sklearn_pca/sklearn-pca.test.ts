import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../linalg/random.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import { floatData, floats, rowOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';

const random = createRandom(21);
const values = (count: number): Float64Array => Float64Array.from({ length: count }, () => 10 + random.gaussian());
const decompose = (
  x: Float64Array,
  pixels: number,
  channels: number,
  algorithm: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<AlgorithmOutput> =>
  runSteps(floatData(x, [pixels], [channels]), [{ do: 'decomposition', algorithm, parameters }]);

/** Largest deviation of the columns of a [rows × k] array from being orthonormal. */
function deviation(output: AlgorithmOutput, name: string): number {
  const [rows = 0, k = 0] = output.arrays[name]?.shape ?? [];
  const data = floats(output, name);
  let worst = 0;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? -1 : 0;
      for (let i = 0; i < rows; i++) sum += data[i * k + a]! * data[i * k + b]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

describe('principal components of a case by hand', () => {
  // four points on the line (1, 2) + t (3, 4)/5 with t = −3, −1, 1, 3: variance 20/3 along it, none across
  it('are the line, its variance with n − 1, and the mean', async () => {
    const x = Float64Array.from([-3, -1, 1, 3].flatMap((t) => [1 + 0.6 * t, 2 + 0.8 * t]));
    const output = await decompose(x, 4, 2, 'sklearn_pca');
    expect(floats(output, 'explained_variance')[0]).toBeCloseTo(20 / 3, 12);
    expect(floats(output, 'explained_variance')[1]).toBeCloseTo(0, 12);
    expect(floats(output, 'mean')[0]).toBeCloseTo(1, 14);
    expect(floats(output, 'mean')[1]).toBeCloseTo(2, 14);
    expect(output.arrays.mean?.shape).toEqual([2]);
    expect(rowOf(output, 'factors', 0, 1)[0]! / rowOf(output, 'factors', 1, 1)[0]!).toBeCloseTo(0.75, 12);
    expect(Math.abs(rowOf(output, 'loadings', 0, 1)[0]!)).toBeCloseTo(3, 12);
  });
});

describe.each([
  [30, 12],
  [12, 30],
  [600, 20],
  [20, 600],
])('principal components of %d pixels × %d channels', (pixels, channels) => {
  const x = values(pixels * channels);

  it('have n/(n − 1) of the variance of a centred SVD, the same maps and orthonormal factors', async () => {
    const pca = await decompose(x, pixels, channels, 'sklearn_pca');
    const svd = await decompose(x, pixels, channels, 'SVD', { centre: 'navigation', auto_transpose: false });
    const expected = floats(svd, 'explained_variance').map((v) => (v * pixels) / (pixels - 1));
    floats(pca, 'explained_variance').forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 9));
    rowOf(pca, 'loadings', 3, 5).forEach((v, i) => expect(v).toBeCloseTo(rowOf(svd, 'loadings', 3, 5)[i]!, 8));
    expect(deviation(pca, 'factors')).toBeLessThan(1e-10);
  });

  it('rebuild the data together with the mean', async () => {
    const steps = [{ do: 'decomposition', algorithm: 'sklearn_pca' }, { do: 'get_decomposition_model' }];
    const model = floats(await runSteps(floatData(x, [pixels], [channels]), steps), 'model');
    x.forEach((value, at) => expect(model[at]).toBeCloseTo(value, 9));
  });
});

describe('principal component analysis', () => {
  it('refuses noise scaling and says what to use', async () => {
    const run = decompose(values(40), 10, 4, 'sklearn_pca', { normalize_poissonian_noise: true });
    await expect(run).rejects.toThrow(/Use SVD for counts/);
  });

  it('converts float32 data', async () => {
    const x = Float32Array.from(values(60));
    const data = { navigationShape: [10], signalShape: [6], source: sharedSource(x, 'float32', 10, 6) };
    const output = await runSteps(data, [{ do: 'decomposition', algorithm: 'sklearn_pca' }]);
    const same = await decompose(Float64Array.from(x), 10, 6, 'sklearn_pca');
    expect(floats(output, 'loadings')).toEqual(floats(same, 'loadings'));
  });
});
