import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { floatData, floats, rowOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import {
  closeTo,
  counts,
  decompose,
  expectOrthonormal,
  gaussian,
  matrixOf,
  model,
  withSingularValues,
} from './test-data.ts';
describe('a 2 × 2 case by hand', () => {
  // X = [[3, 0], [4, 5]]: XᵀX = [[25, 20], [20, 25]], eigenvalues 45 and 5, eigenvectors (1, ±1)/√2
  it('has singular values √45 and √5 and the textbook vectors', async () => {
    const output = await decompose(floatData(Float64Array.of(3, 0, 4, 5), [2], [2]));
    closeTo(floats(output, 'explained_variance'), [22.5, 2.5], 1e-13);
    const r = Math.SQRT1_2;
    closeTo(floats(output, 'factors').map(Math.abs), [r, r, r, r], 1e-14);
    closeTo(floats(output, 'loadings').map(Math.abs), [3 * r, 3 * r, 9 * r, r], 1e-13);
  });
});

describe.each([
  { rows: 60, cols: 40, svd_solver: 'auto' },
  { rows: 40, cols: 60, svd_solver: 'auto' },
  { rows: 60, cols: 40, svd_solver: 'gram' },
  { rows: 40, cols: 60, svd_solver: 'gram' },
  { rows: 620, cols: 40, svd_solver: 'full' },
  { rows: 40, cols: 620, svd_solver: 'full' },
])('$rows pixels × $cols channels, solver $svd_solver', ({ rows, cols, svd_solver }) => {
  const x = gaussian(rows, cols, 5).data;
  const wide = rows < cols;

  it('rebuilds the data from all components', async () => {
    const output = await model(floatData(x, [rows], [cols]), { svd_solver });
    closeTo(floats(output, 'model'), x, 1e-12);
    expect(output.scalars.relative_error).toBeLessThan(1e-13);
  });

  it('carries the singular values on the longer side, whose largest entry is positive', async () => {
    const output = await decompose(floatData(x, [rows], [cols]), { svd_solver });
    const long = matrixOf(output, wide ? 'factors' : 'loadings');
    expectOrthonormal(matrixOf(output, wide ? 'loadings' : 'factors'), 1e-12);
    const variance = floats(output, 'explained_variance');
    for (let j = 0; j < long.cols; j++) {
      const column = Array.from({ length: long.rows }, (_, i) => long.data[i * long.cols + j]!);
      expect(Math.hypot(...column) ** 2 / rows).toBeCloseTo(variance[j]!, 9);
      expect(column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)).toBeGreaterThan(0);
    }
  });

  it('carries them on the loadings when it must not transpose', async () => {
    const output = await decompose(floatData(x, [rows], [cols]), { svd_solver, auto_transpose: false });
    expectOrthonormal(matrixOf(output, 'factors'), 1e-11);
    const product = multiply(matrixOf(output, 'loadings'), matrixOf(output, 'factors'), { transposeB: true });
    closeTo(product.data, x, 1e-11);
    const loadings = matrixOf(output, 'loadings');
    for (let j = 0; j < loadings.cols; j++) {
      const column = Array.from({ length: rows }, (_, i) => loadings.data[i * loadings.cols + j]!);
      expect(column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)).toBeGreaterThan(0);
    }
  });
});

describe('small singular values', () => {
  const graded = Array.from({ length: 90 }, (_, j) => 1000 * 10 ** (-13 * (j / 89)));
  const step = [1000, 500, 250, ...Array.from({ length: 57 }, (_, j) => 1e-6 * (1 - j / 100))];

  it.each([
    ['falling by 13 decades', graded],
    ['with a tail nine decades below', step],
  ])('%s are found to 1e-13 of the largest by the exact solver', async (_name, s) => {
    const data = floatData(withSingularValues(600, s.length, s), [600], [s.length]);
    const output = await decompose(data, { svd_solver: 'full' });
    expect(output.scalars.solver).toBe('accurate-gram');
    const found = floats(output, 'explained_variance').map((v) => Math.sqrt(v * 600));
    closeTo(found, s, 1e-13 * s[0]!);
    expectOrthonormal(matrixOf(output, 'factors'), 1e-12);
  });

  it('are found when only a few components are wanted', async () => {
    const data = floatData(withSingularValues(600, 60, step), [600], [60]);
    const output = await decompose(data, { svd_solver: 'full', output_dimension: 8 });
    closeTo(
      floats(output, 'explained_variance').map((v) => Math.sqrt(v * 600)),
      step.slice(0, 8),
      1e-13 * 1000,
    );
  });

  it('of rank-deficient data do not disturb the number of components', async () => {
    const noise = gaussian(600, 30, 6).data.map((v) => 0.01 * v);
    const signal = withSingularValues(600, 30, [1000, 700, 500]);
    const thirty = signal.map((v, i) => v + noise[i]!);
    const twice = new Float64Array(600 * 60);
    for (let i = 0; i < 600; i++) {
      for (let j = 0; j < 60; j++) twice[i * 60 + j] = thirty[i * 30 + (j % 30)]!;
    }
    const output = await decompose(floatData(twice, [600], [60]));
    expect(output.scalars.number_significant_components).toBe(4);
    expectOrthonormal(matrixOf(output, 'factors'), 1e-12);
  });
});

describe('the randomized solver', () => {
  const s = Array.from({ length: 80 }, (_, j) => 100 * 0.6 ** j);
  const data = floatData(withSingularValues(300, 80, s), [300], [80]);
  const parameters = { svd_solver: 'randomized', output_dimension: 6 };

  it('finds the leading values of a falling spectrum', async () => {
    const output = await decompose(data, parameters);
    closeTo(
      floats(output, 'explained_variance').map((v) => Math.sqrt(v * 300)),
      s.slice(0, 6),
      1e-8,
    );
    expect(output.scalars.captured_fraction).toBeCloseTo(1 - 0.36 ** 6, 9);
  });

  it('gives the same bits for the same seed and an equal answer for another', async () => {
    const steps = [{ do: 'decomposition', parameters }];
    const first = await runSteps(data, steps, { seed: 7 });
    const again = await runSteps(data, steps, { seed: 7 });
    const other = await runSteps(data, steps, { seed: 8 });
    expect(floats(again, 'loadings')).toEqual(floats(first, 'loadings'));
    closeTo(floats(other, 'loadings'), floats(first, 'loadings'), 1e-6);
  });

  it('works on fewer pixels than channels', async () => {
    const output = await decompose(floatData(withSingularValues(80, 300, s), [80], [300]), parameters);
    closeTo(
      floats(output, 'explained_variance').map((v) => Math.sqrt(v * 80)),
      s.slice(0, 6),
      1e-8,
    );
    expectOrthonormal(matrixOf(output, 'loadings'), 1e-12);
  });
});

describe('the number of components', () => {
  const data = floatData(gaussian(20, 12, 9).data, [4, 5], [12]);

  it('of one gives one component and one significant one', async () => {
    const output = await decompose(data, { output_dimension: 1 });
    expect(output.arrays.factors?.shape).toEqual([12, 1]);
    expect(output.scalars.number_significant_components).toBe(1);
    expect([...floats(output, 'explained_variance_ratio')]).toEqual([1]);
  });

  it('cuts the same components as all of them have, with a ratio over those kept', async () => {
    const all = await decompose(data);
    const some = await decompose(data, { output_dimension: 4 });
    closeTo(floats(some, 'explained_variance'), floats(all, 'explained_variance').subarray(0, 4), 1e-13);
    closeTo(rowOf(some, 'loadings', 7), rowOf(all, 'loadings', 7, 4), 1e-12);
    expect(floats(some, 'explained_variance_ratio').reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(some.scalars.captured_fraction).toBeLessThan(1);
  });

  it.each([
    [{ output_dimension: 13 }, /output_dimension must be from 1 to 12 .* 12 channels that are not masked; got 13/],
    [{ output_dimension: 12, svd_solver: 'arpack' }, /from 1 to 11/],
    [{ svd_solver: 'arpack' }, /output_dimension must be given/],
    [{ output_dimension: 0 }, /whole number from 1/],
    [{ output_dimension: 2.5 }, /whole number/],
    [{ svd_solver: 'lapack' }, /svd_solver must be one of auto, full/],
    [{ componens: 3 }, /no parameter componens.*output_dimension/s],
    [{ normalize_poissonian_noise: true, centre: 'signal' }, /centre must be empty/],
  ])('%o is refused with the reason', async (parameters, message) => {
    await expect(decompose(data, parameters)).rejects.toThrow(message);
  });

  it('may be one less than all with the arpack solver', async () => {
    const output = await decompose(data, { output_dimension: 11, svd_solver: 'arpack' });
    const all = await decompose(data);
    closeTo(floats(output, 'explained_variance'), floats(all, 'explained_variance').subarray(0, 11), 1e-12);
  });
});

describe('element types', () => {
  const x = counts(24, 10);
  const stored = [
    ['float32', Float32Array.from(x)],
    ['uint16', Uint16Array.from(x)],
    ['int32', Int32Array.from(x)],
    ['uint8', Uint8Array.from(x)],
  ] as const;

  it.each(stored)('%s gives the same answer as float64 and says that it was converted', async (dtype, values) => {
    const data = { navigationShape: [24], signalShape: [10], source: sharedSource(values, dtype, 24, 10) };
    const output = await decompose(data, { normalize_poissonian_noise: true });
    const expected = await decompose(floatData(x, [24], [10]), { normalize_poissonian_noise: true });
    expect(floats(output, 'loadings')).toEqual(floats(expected, 'loadings'));
    expect(output.notes.join()).toContain(`${dtype}`);
    expect(expected.notes).toEqual([]);
  });

  it('of complex numbers is refused by name', async () => {
    const data = {
      navigationShape: [2],
      signalShape: [2],
      source: sharedSource(new Float32Array(8), 'complex64', 2, 2),
    };
    await expect(decompose(data)).rejects.toThrow(/complex numbers \(complex64\)/);
  });
});

describe('degenerate data', () => {
  it('that are constant have one component and no other variation', async () => {
    const output = await decompose(floatData(new Float64Array(60).fill(3), [10], [6]));
    closeTo(floats(output, 'explained_variance'), [54, 0, 0, 0, 0, 0], 1e-12);
    expect(output.scalars.number_significant_components).toBe(1);
  });

  it('that are zero, or constant and centred, have no variation at all and finite components', async () => {
    for (const [value, parameters] of [
      [0, {}],
      [3, { centre: 'navigation' }],
    ] as const) {
      const output = await decompose(floatData(new Float64Array(60).fill(value), [10], [6]), parameters);
      expect([...floats(output, 'explained_variance')].every((v) => v < 1e-25)).toBe(true);
      expect([...floats(output, 'factors'), ...floats(output, 'loadings')].every(Number.isFinite)).toBe(true);
      expect(output.scalars.number_significant_components).toBe(1);
    }
  });

  it('of one channel have one component', async () => {
    const output = await decompose(floatData(Float64Array.of(1, -2, 2), [3], [1]));
    closeTo(floats(output, 'loadings').map(Math.abs), [1, 2, 2], 1e-14);
    closeTo(floats(output, 'explained_variance'), [3], 1e-14);
  });

  it('of one pixel are refused', async () => {
    await expect(decompose(floatData(Float64Array.of(1, 2), [1], [2]))).rejects.toMatchObject({
      code: 'too-few-samples',
    });
  });
});

describe('a running decomposition', () => {
  it('stops at the next block when cancelled', async () => {
    const block = createControlBlock();
    requestStop(block, 'cancel');
    const run = runSteps(floatData(gaussian(50, 10, 1).data, [50], [10]), [{ do: 'decomposition' }], {
      control: openControl(block),
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('never writes to the data', async () => {
    const data = floatData(counts(30, 20), [30], [20]);
    const before = new Float64Array((data.source as { buffer: SharedArrayBuffer }).buffer).slice();
    await decompose(data, { normalize_poissonian_noise: true });
    expect(new Float64Array((data.source as { buffer: SharedArrayBuffer }).buffer)).toEqual(before);
  });
});
