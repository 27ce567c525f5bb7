import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../linalg/random.ts';
import { floatData, floats, rowOf } from '../../../../test/golden/run-step.ts';
import { arrayOf, channels, closeTo, decompose, modelOf, noise, noisy, pixels, truth, varied } from './test-data.ts';

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
