import { describe, expect, it } from 'vitest';
import { laplaceMixture, smoothMixture } from '../../workers/algorithms/bss/test-data.ts';
import { createControlBlock, openControl, requestStop } from '../../workers/control.ts';
import type { InputArray, RunInput } from '../../workers/job.ts';
import { multiply } from '../../workers/linalg/gemm.ts';
import { createMatrix } from '../../workers/linalg/matrix.ts';
import { createRandom } from '../../workers/linalg/random.ts';
import { createLocalJob } from '../../workers/passes/local-job.ts';
import { relativeFrobenius } from './metrics.ts';
import { floats, maskOf, rowOf, runSteps, sharedSource } from './run-step.ts';
import { matchedCorrelation } from './separation-metrics.ts';
import { algorithms, dataOf, matrixOf, mixtureFor, modelOf, separation, svd } from './separation-steps.ts';

describe.each(algorithms)('%s', (algorithm) => {
  const { x, spectra } = mixtureFor(algorithm);

  it('finds the spectra that were mixed', async () => {
    const output = await runSteps(dataOf(x), [svd(3), separation(algorithm)]);
    expect(matchedCorrelation(matrixOf(output, 'bss_factors'), spectra)).toBeLessThan(0.02);
    expect(relativeFrobenius(modelOf(output), x.data)).toBeLessThan(1e-10);
    expect(output.scalars['converged'] === true || algorithm === 'CuBICA').toBe(true);
    expect(Number.isInteger(output.scalars['iterations'])).toBe(true);
  });

  it.each([
    { diff_order: 1 },
    { whiten_method: 'ZCA' },
    { whiten_method: 'none' },
    { reverse_component_criterion: 'loadings' },
    { on_loadings: true, diff_order: 1 },
  ])('keeps the model and makes one side positive with %j', async (parameters) => {
    const output = await runSteps(dataOf(x), [svd(3), separation(algorithm, parameters)]);
    expect(relativeFrobenius(modelOf(output), x.data)).toBeLessThan(1e-9);
    const side = matrixOf(
      output,
      parameters.reverse_component_criterion === 'loadings' ? 'bss_loadings' : 'bss_factors',
    );
    for (let c = 0; c < 3; c++) {
      const column = Array.from({ length: side.rows }, (_, r) => side.data[r * 3 + c]!);
      expect(Math.max(...column)).toBeGreaterThanOrEqual(-Math.min(...column));
    }
  });

  it('gives the same bits for the same seed, from float32 data too', async () => {
    const single = sharedSource(Float32Array.from(x.data), 'float32', x.rows, x.cols);
    const data = { navigationShape: [x.rows], signalShape: [x.cols], source: single };
    const [first, again] = [0, 0].map(() => runSteps(data, [svd(3), separation(algorithm)], { seed: 7 }));
    expect(await first).toEqual(await again);
    expect(matchedCorrelation(matrixOf(await first!, 'bss_factors'), spectra)).toBeLessThan(0.02);
  });

  it('takes one component', async () => {
    const output = await runSteps(dataOf(x), [svd(3), separation(algorithm, { number_of_components: 1 })]);
    expect(output.arrays['unmixing_matrix']!.shape).toEqual([1, 1]);
    expect(floats(output, 'bss_factors').every(Number.isFinite)).toBe(true);
  });

  it('says how many components vary when they depend on each other', async () => {
    const two = laplaceMixture(2, 36, 900, 2).x;
    const output = await runSteps(dataOf(two), [svd(3), separation(algorithm, { on_loadings: true })]);
    expect(output.notes.join(' ')).toMatch(/Only 2 of the 3 components vary/);
    expect(floats(output, 'bss_loadings').every(Number.isFinite)).toBe(true);
  });

  it('ends on Gaussian spectra, which have no sources', async () => {
    const random = createRandom(4);
    const noise = createMatrix(
      36,
      300,
      Float64Array.from({ length: 36 * 300 }, () => random.gaussian()),
    );
    const end = runSteps(dataOf(noise), [svd(3), separation(algorithm)]).then(
      (output) => floats(output, 'bss_factors').every(Number.isFinite),
      (thrown: { code?: string }) => thrown.code === 'did-not-converge',
    );
    expect(await end).toBe(true);
  });

  it('refuses constant data by name', async () => {
    const constant = createMatrix(36, 30, new Float64Array(36 * 30).fill(5));
    const steps = runSteps(dataOf(constant), [svd(1), separation(algorithm, { diff_order: 1 })]);
    await expect(steps).rejects.toMatchObject({
      code: 'not-finite',
      message: expect.stringMatching(/do not vary.*diff_order/),
    });
  });

  it('stops when cancelled, and keeps what there is when asked to', async () => {
    const block = createControlBlock();
    const decomposed = await runSteps(dataOf(x), [svd(3)]);
    const input: RunInput = {
      data: dataOf(x).source,
      navigationShape: [6, 6],
      signalShape: [x.cols],
      inputs: {},
      parent: { ...decomposed, operation: 'decomposition', algorithm: 'SVD', parameters: { output_dimension: 3 } },
    };
    const { findRun } = await import('../../workers/algorithms/entry-table.ts');
    const { resolveStep } = await import('../../workers/specs/registry.ts');
    const { defaultValues } = await import('../../workers/specs/validate.ts');
    const { spec } = resolveStep('blind_source_separation', algorithm);
    const run = await findRun('blind_source_separation', algorithm);
    requestStop(block, 'keep');
    const kept = await run(
      input,
      { ...defaultValues(spec.params), diff_order: 0 },
      createLocalJob(0, openControl(block)),
    );
    expect(kept.scalars['converged']).toBe(false);
    expect(kept.notes.join(' ')).toMatch(/as asked/);
    expect(relativeFrobenius(modelOf(kept), x.data)).toBeLessThan(1e-9);
    requestStop(block, 'cancel');
    const cancelled = run(
      input,
      { ...defaultValues(spec.params), diff_order: 0 },
      createLocalJob(0, openControl(block)),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    [{ number_of_components: 4 }, /number_of_components must be at most 3.*got 4/],
    [{ comp_list: 1e12 }, /comp_list must be at most 3.*got 1000000000000/],
    [{ comp_list: [0, 3] }, /comp_list names component 3/],
    [{ comp_list: [1, 1] }, /comp_list .*1 twice/],
    [{ comp_list: [0], number_of_components: 1 }, /comp_list must be empty/],
    [{ diff_order: 1, diff_axes: [1] }, /diff_axes must hold/],
    [{ whiten_method: 'cholesky' }, /whiten_method must be one of PCA, ZCA, none; got "cholesky"/],
    [{ reverse_component_criterion: 'both' }, /reverse_component_criterion/],
    [{ diff_order: -1 }, /diff_order must be .*; got -1/],
  ])('refuses %j', async (parameters, message) => {
    await expect(runSteps(dataOf(x), [svd(3), separation(algorithm, parameters)])).rejects.toThrow(message);
  });
});

describe('random starts', () => {
  const { x } = laplaceMixture(3);

  it.each(['sklearn_fastica', 'FastICA'])('of %s tell how stable the sources are', async (algorithm) => {
    const output = await runSteps(dataOf(x), [svd(3), separation(algorithm, { n_runs: 4 })]);
    for (const value of floats(output, 'stability')) expect(value).toBeGreaterThan(0.9);
    expect(output.scalars['runs']).toBe(4);
    const one = await runSteps(dataOf(x), [svd(3), separation(algorithm, { n_runs: 1 })]);
    expect(one.arrays['stability']).toBeUndefined();
    expect(one.scalars['objective']).toBeCloseTo(output.scalars['objective'] as number, 3);
  });

  it('name the sources of noise, which come out differently every time', async () => {
    const random = createRandom(6);
    const noise = createMatrix(
      36,
      4000,
      Float64Array.from({ length: 36 * 4000 }, () => random.gaussian()),
    );
    const output = await runSteps(dataOf(noise), [svd(6), separation('sklearn_fastica', { n_runs: 8 })]);
    expect(Math.min(...floats(output, 'stability'))).toBeLessThan(0.7);
    expect(output.notes.join(' ')).toMatch(/came out differently/);
  });

  it('can be replaced by a given one, which must fit', async () => {
    const start = (data: number[], shape: number[]): InputArray => ({
      shape,
      dtype: 'float64',
      data: Float64Array.from(data),
    });
    const steps = [svd(2), separation('sklearn_fastica', { n_runs: 1 })];
    const fits = await runSteps(dataOf(x, { w_init: start([1, 0, 0, 1], [2, 2]) }), steps, { seed: 1 });
    expect(await runSteps(dataOf(x, { w_init: start([1, 0, 0, 1], [2, 2]) }), steps, { seed: 2 })).toEqual(fits);
    await expect(runSteps(dataOf(x, { w_init: start([1, 0], [1, 2]) }), steps)).rejects.toThrow(
      /w_init has shape \(1, 2\); 2 × 2/,
    );
  });

  it('that depend on each other are refused', async () => {
    const same: InputArray = { shape: [2, 2], dtype: 'float64', data: Float64Array.of(1, 1, 2, 2) };
    const steps = runSteps(dataOf(x, { w_init: same }), [svd(2), separation('sklearn_fastica')]);
    await expect(steps).rejects.toThrow(/w_init must have rows that do not depend/);
  });

  it.each(['parallel', 'deflation'])(
    'lead sklearn_fastica (%s) to the sources without whitening, which it then does',
    async (approach) => {
      const { x: data, spectra } = laplaceMixture(5);
      const parameters = { approach, whiten_method: 'none', n_runs: 2 };
      const output = await runSteps(dataOf(data), [svd(3), separation('sklearn_fastica', parameters)]);
      expect(matchedCorrelation(matrixOf(output, 'bss_factors'), spectra)).toBeLessThan(0.03);
    },
  );

  it('do not hear of alpha where the contrast is not log cosh', async () => {
    const { x: data } = laplaceMixture(5);
    const [one, two] = await Promise.all(
      [1, 2].map((alpha) => runSteps(dataOf(data), [svd(3), separation('sklearn_fastica', { fun: 'exp', alpha })])),
    );
    expect(two!.arrays).toEqual(one!.arrays);
  });

  it.each([{ approach: 'deflation' }, { fun: 'exp' }, { fun: 'cube' }, { alpha: 2 }])(
    'lead sklearn_fastica with %j to the sources',
    async (parameters) => {
      const { x: data, spectra } = laplaceMixture(5);
      const output = await runSteps(dataOf(data), [svd(3), separation('sklearn_fastica', parameters)]);
      expect(matchedCorrelation(matrixOf(output, 'bss_factors'), spectra)).toBeLessThan(0.03);
    },
  );

  it.each([
    { approach: 'symm' },
    { g: 'tanh', fine_g: 'tanh' },
    { g: 'gaus', fine_g: 'none' },
    { mu: 0.5 },
    { sample_size: 0.7, limit: 0.02 },
    { coarse_limit: 0.1 },
  ])('lead FastICA with %j to the sources', async (parameters) => {
    const { x: data, spectra } = laplaceMixture(5);
    const output = await runSteps(dataOf(data), [svd(3), separation('FastICA', parameters)]);
    expect(matchedCorrelation(matrixOf(output, 'bss_factors'), spectra)).toBeLessThan(0.05);
  });

  it('lead FastICA with skew to skewed sources', async () => {
    const random = createRandom(8);
    const peaks = createMatrix(
      900,
      2,
      Float64Array.from({ length: 1800 }, () => -Math.log(1 - random.uniform())),
    );
    const maps = createMatrix(
      36,
      2,
      Float64Array.from({ length: 72 }, () => 0.2 + random.uniform()),
    );
    const data = multiply(maps, peaks, { transposeB: true });
    const output = await runSteps(dataOf(data), [svd(2), separation('FastICA', { g: 'skew', fine_g: 'skew' })]);
    expect(matchedCorrelation(matrixOf(output, 'bss_factors'), peaks)).toBeLessThan(0.02);
  });
});

describe('orthomax outside 0 to 1', () => {
  // with a vanishing second term, gamma 0 is reached from both sides: the closed form must agree with the iteration
  it('agrees with the other way to the same criterion near its limit', async () => {
    const { x } = laplaceMixture(9);
    const [inside, outside] = await Promise.all(
      [0, -1e-9].map((gamma) => runSteps(dataOf(x), [svd(3), separation('orthomax', { gamma, tol: 1e-12 })])),
    );
    const [a, b] = [floats(inside!, 'unmixing_matrix'), floats(outside!, 'unmixing_matrix')];
    a.forEach((value, i) => expect(b[i]).toBeCloseTo(value, 5));
  });

  it('stops and says so when it does not converge', async () => {
    const { x } = laplaceMixture(9);
    const output = await runSteps(dataOf(x), [svd(3), separation('orthomax', { max_iter: 1, tol: 1e-15 })]);
    expect(output.scalars['converged']).toBe(false);
    expect(output.notes.join(' ')).toMatch(/Still changing after 1 iterations/);
  });
});

describe('what JADE and TDSEP take', () => {
  it('finds the sources with exact cumulants too', async () => {
    const { x, spectra } = laplaceMixture(1);
    const output = await runSteps(dataOf(x), [svd(3), separation('JADE', { cumulants: 'exact' })]);
    expect(matchedCorrelation(matrixOf(output, 'bss_factors'), spectra)).toBeLessThan(0.02);
  });

  it('gives up with the count of rotations', async () => {
    const steps = runSteps(dataOf(laplaceMixture(1).x), [svd(3), separation('JADE', { max_it: 1, limit: 1e-9 })]);
    await expect(steps).rejects.toMatchObject({
      code: 'did-not-converge',
      message: expect.stringMatching(/max_it allows 1/),
    });
  });

  it('takes the delays 1 to n or those listed', async () => {
    const data = dataOf(smoothMixture(2).x);
    const [n, list] = await Promise.all(
      [3, [1, 2, 3]].map((lags) => runSteps(data, [svd(3), separation('TDSEP', { lags })])),
    );
    expect(n).toEqual(list);
    await expect(runSteps(data, [svd(3), separation('TDSEP', { lags: [0, 2] })])).rejects.toThrow(
      /list of whole numbers from 1 on; got \[0,2\]/,
    );
    await expect(runSteps(data, [svd(3), separation('TDSEP', { lags: 1e12 })])).rejects.toThrow(
      /lags must be from 1 to 1498.*got 1000000000000/,
    );
  });
});

describe('what is separated', () => {
  const { x } = laplaceMixture(11, 36, 900, 4);

  it('are the listed components, unmixed as such', async () => {
    const data = dataOf(x);
    const listed = await runSteps(data, [svd(4), separation('JADE', { comp_list: [0, 1, 3] })]);
    const model = await runSteps(data, [
      svd(4),
      { do: 'get_decomposition_model', parameters: { components: [0, 1, 3] } },
    ]);
    expect(relativeFrobenius(modelOf(listed), floats(model, 'model'))).toBeLessThan(1e-10);
    expect([...listed.arrays['comp_list']!.data]).toEqual([0, 1, 3]);
    const decomposed = await runSteps(data, [svd(4)]);
    const f = matrixOf(decomposed, 'factors');
    const chosen = createMatrix(
      900,
      3,
      Float64Array.from({ length: 2700 }, (_, at) => f.data[Math.floor(at / 3) * 4 + [0, 1, 3][at % 3]!]!),
    );
    const expected = multiply(chosen, matrixOf(listed, 'unmixing_matrix'), { transposeB: true });
    expect(relativeFrobenius(floats(listed, 'bss_factors'), expected.data)).toBeLessThan(1e-12);
  });

  it('must be said when the decomposition was not cut', async () => {
    const steps = runSteps(dataOf(x), [{ do: 'decomposition' }, separation('JADE')]);
    await expect(steps).rejects.toThrow(/number_of_components\s+or comp_list.* scree plot suggests \d+/);
  });

  it('leaves out masked pixels of maps, which stay undefined', async () => {
    const masked = maskOf(
      Array.from({ length: 36 }, (_, i) => i === 7 || i === 20),
      [6, 6],
    );
    const data = dataOf(x, { navigation_mask: masked });
    const output = await runSteps(data, [svd(3), separation('JADE', { on_loadings: true, diff_order: 1 })]);
    for (let i = 0; i < 36; i++) {
      expect(rowOf(output, 'bss_loadings', i).every(Number.isNaN)).toBe(i === 7 || i === 20);
    }
    expect(floats(output, 'bss_factors').every(Number.isFinite)).toBe(true);
    expect(floats(output, 'unmixing_matrix').every(Number.isFinite)).toBe(true);
  });

  it('are factors of another origin for the search alone', async () => {
    const data = dataOf(x);
    const decomposed = await runSteps(data, [svd(3)]);
    const f = matrixOf(decomposed, 'factors');
    const rows = (scale: (j: number) => number, count = 900): InputArray => ({
      shape: [3, count],
      dtype: 'float64',
      data: Float64Array.from(
        { length: 3 * count },
        (_, at) => scale(at % count) * f.data[(at % count) * 3 + Math.floor(at / count)]!,
      ),
    });
    const own = await runSteps(data, [svd(3), separation('JADE')]);
    const same = await runSteps(dataOf(x, { factors: rows(() => 1) }), [svd(3), separation('JADE')]);
    expect(relativeFrobenius(floats(same, 'bss_factors'), floats(own, 'bss_factors'))).toBeLessThan(1e-9);
    // other samples, even fewer of them, and still the whole decomposition is unmixed
    const fewer = await runSteps(dataOf(x, { factors: rows(() => 1, 450) }), [svd(3), separation('JADE')]);
    expect(fewer.arrays['bss_factors']!.shape).toEqual([900, 3]);
    expect(relativeFrobenius(modelOf(fewer), modelOf(own))).toBeLessThan(1e-9);
    const wrong = { ...rows(() => 1), shape: [900, 3] };
    await expect(
      runSteps(dataOf(x, { factors: { ...wrong, shape: [2, 1350] } }), [
        svd(3),
        separation('JADE', { number_of_components: 3 }),
      ]),
    ).rejects.toThrow(/factors has shape \(2, 1350\); one row for each of the 3/);
  });

  it('is a decomposition: nothing else has components', async () => {
    await expect(runSteps(dataOf(x), [separation('JADE')])).rejects.toMatchObject({ code: 'bad-request' });
  });
});
