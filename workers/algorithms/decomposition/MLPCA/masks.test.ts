import { describe, expect, it } from 'vitest';
import { floatData, floats, maskOf, rowOf } from '../../../../test/golden/run-step.ts';
import { arrayOf, channels, closeTo, decompose, matrixOf, modelOf, noise, noisy, pixels, truth } from './test-data.ts';

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
