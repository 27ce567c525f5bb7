import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, requestStop } from '../../../control.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { createLocalJob } from '../../../passes/local-job.ts';
import { gramSvd } from './gram-svd.ts';
import { maySplit, singlePrecisionSvd } from './single-precision.ts';
import type { SolveTask, TallSvd } from './tall-svd.ts';
import { closeTo, counts, expectOrthonormal, gaussian, withSingularValues } from './test-data.ts';

function viewOf(values: Float64Array, rows: number, cols: number): MatrixView {
  const buffer = new SharedArrayBuffer(values.length * 4);
  new Float32Array(buffer).set(values);
  return { source: { kind: 'shared', buffer, dtype: 'float32', samples: rows, features: cols } };
}

function taskOf(view: MatrixView, k: number, control = openControl(createControlBlock())): SolveTask {
  const job = createLocalJob(0, control);
  const rowCount = view.source.samples;
  const target = { out: job.allocate(rowCount * k), rowCount, k };
  return { view, k, target, job, phases: { gather: 0, solve: 1, write: 2 } };
}

const leftOf = ({ target }: SolveTask, { singularValues }: TallSvd): Matrix =>
  createMatrix(
    target.rowCount,
    target.k,
    target.out.map((value, at) => value / singularValues[at % target.k]!),
  );

/** Counts with noise: every direction is there. */
const noisy = (rows: number, cols: number): Float64Array => {
  const noise = gaussian(rows, cols, 8).data;
  return counts(rows, cols).map((value, at) => value + noise[at]!);
};

/** Both ways for the same data; the second is in double precision throughout. */
async function bothWays(view: MatrixView, k: number) {
  const [single, double] = [taskOf(view, k), taskOf(view, k)];
  const found = await singlePrecisionSvd(single);
  const expected = await gramSvd(double, true);
  if (found === null) expect.fail('single precision was refused');
  return { single, found, double, expected };
}

describe('a decomposition in single precision', () => {
  const [rows, cols] = [700, 48];
  const view = viewOf(noisy(rows, cols), rows, cols);

  it('has the singular values of the one in double precision, to seven digits of the smallest', async () => {
    const { found, expected } = await bothWays(view, cols);
    const share = found.singularValues.map((s, j) => s / expected.singularValues[j]! - 1);
    closeTo(share, new Float64Array(cols), 1e-7);
    expect(found.energy / expected.energy).toBeCloseTo(1, 9);
  });

  it('has orthonormal vectors on both sides, and their products are the data', async () => {
    const { single, found } = await bothWays(view, cols);
    expectOrthonormal(found.right, 1e-12);
    expectOrthonormal(leftOf(single, found), 1e-6);
    const model = multiply(createMatrix(rows, cols, Float64Array.from(single.target.out)), found.right, {
      transposeB: true,
    });
    const data = new Float32Array((view.source as { buffer: SharedArrayBuffer }).buffer);
    closeTo(model.data, data, 1e-6 * Math.max(...data));
  });

  it('keeps weak components beside one that is 10 000 times stronger', async () => {
    const s = [1e4, ...Array.from({ length: 31 }, (_, j) => 2 - j / 31)];
    const strong = viewOf(withSingularValues(600, 32, s), 600, 32);
    const { single, found, expected } = await bothWays(strong, 32);
    const share = found.singularValues.map((value, j) => value / expected.singularValues[j]! - 1);
    closeTo(share, new Float64Array(32), 1e-6);
    expectOrthonormal(leftOf(single, found), 1e-4);
  });

  it('finds the peaks of the columns for the sign rule', async () => {
    const { single, found } = await bothWays(view, 5);
    const columns = Array.from({ length: 5 }, (_, j) => single.target.out.filter((_, at) => at % 5 === j));
    const peaks = columns.map((column) => column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0));
    expect([...found.peaks]).toEqual(peaks);
  });

  it('takes channels of zeros', async () => {
    const values = noisy(rows, cols).map((value, at) => (at % cols === 7 ? 0 : value));
    const { found, expected } = await bothWays(viewOf(values, rows, cols), cols);
    closeTo(found.singularValues.subarray(0, cols - 1), expected.singularValues.subarray(0, cols - 1), 1e-4);
    expect(found.singularValues[cols - 1]).toBeLessThan(1e-9 * found.singularValues[0]!);
  });

  const huge = noisy(rows, cols);
  huge[cols * 100 + 3] = 1e30;
  it.each([
    [
      'a wide range of singular values',
      withSingularValues(
        rows,
        cols,
        Array.from({ length: cols }, (_, j) => 0.5 ** j),
      ),
    ],
    ['missing directions', Float64Array.from({ length: rows * cols }, (_, at) => (at % cols) * Math.floor(at / cols))],
    ['values whose squares are beyond float32', huge],
    ['nothing but zeros', new Float64Array(rows * cols)],
  ])('is refused for %s', async (_, values) => {
    expect(await singlePrecisionSvd(taskOf(viewOf(values, rows, cols), cols))).toBeNull();
  });

  it('stops when cancelled', async () => {
    const block = createControlBlock();
    requestStop(block, 'cancel');
    await expect(singlePrecisionSvd(taskOf(view, cols, openControl(block)))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('is for large data that came in single precision', () => {
    const large = { kind: 'shared', buffer: new SharedArrayBuffer(0), samples: 16384, features: 1024 } as const;
    expect(maySplit({ source: { ...large, dtype: 'float32' } })).toBe(true);
    expect(maySplit({ source: { ...large, dtype: 'uint16' } })).toBe(true);
    expect(maySplit({ source: { ...large, dtype: 'float64' } })).toBe(false);
    expect(maySplit({ source: { ...large, dtype: 'int32' } })).toBe(false);
    expect(maySplit({ source: { ...large, samples: 2048, dtype: 'float32' } })).toBe(false);
  });
});
