import { describe, expect, it } from 'vitest';
import { eigh } from '../linalg/eigh.ts';
import { multiply } from '../linalg/gemm.ts';
import { createRightMultiplier } from '../linalg/product.ts';
import { createMatrix } from '../linalg/matrix.ts';
import { createRandom } from '../linalg/random.ts';
import type { MatrixView } from '../model/rows.ts';
import { eighInPool, spareOfEigh } from './eigh.ts';
import { createLocalJob } from './local-job.ts';
import { projectBasisPass } from './project-basis.ts';
import { shareFloats } from './share.ts';
import { signColumnsPass } from './sign-columns.ts';
import { sketchPass } from './sketch.ts';
import { storedRows } from './stored-rows.ts';

const job = createLocalJob();
const random = createRandom(5);
const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, () => 1 + random.uniform());

/** Counts in float32 with scales, of which one of each is 0. */
function scaledView(rows: number, cols: number): { view: MatrixView; a: Float64Array } {
  const x = Float32Array.from({ length: rows * cols }, () => Math.floor(50 * random.uniform()));
  const buffer = new SharedArrayBuffer(x.byteLength);
  new Float32Array(buffer).set(x);
  const rowScale = shareFloats(job, numbers(rows).fill(0, 3, 4));
  const columnScale = shareFloats(job, numbers(cols).fill(0, 7, 8));
  const scaled = (v: number, i: number): number => {
    const scale = rowScale[Math.floor(i / cols)]! * columnScale[i % cols]!;
    return scale === 0 ? 0 : v / scale;
  };
  const source = { kind: 'shared' as const, buffer, dtype: 'float32' as const, samples: rows, features: cols };
  return { view: { source, rowScale, columnScale }, a: Float64Array.from(x, scaled) };
}

function expectClose(found: Float64Array, expected: Float64Array, share: number): void {
  const most = expected.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const error = found.reduce((top, value, i) => Math.max(top, Math.abs(value - expected[i]!)), 0);
  expect(found.length).toBe(expected.length);
  expect(error).toBeLessThan(share * most);
}

describe('scaled float32 rows, read as they are stored', () => {
  const [rows, cols, k] = [700, 90, 13];
  const { view, a } = scaledView(rows, cols);
  const { view: stored, ...factors } = storedRows(view, job);
  const right = createMatrix(cols, k, numbers(cols * k));
  const left = multiply(createMatrix(rows, cols, a), right);

  it('are taken apart from their scales, other views are not', () => {
    expect(stored).toEqual({ source: view.source });
    const centred = { ...view, columnMean: new Float64Array(cols) };
    expect(storedRows(centred, job)).toEqual({ view: centred });
  });

  it('give Aᵀ A Ω to single precision and ‖A‖² to double', async () => {
    const found = await job.run(sketchPass, stored, { omega: right.data, k, ...factors }, 0);
    const cross = multiply(createMatrix(rows, cols, a), left, { transposeA: true });
    expectClose(found.product, cross.data, 1e-5);
    const energy = a.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(found.energy / energy - 1)).toBeLessThan(1e-13);
  });

  it('give A W and its Gram matrix to double precision', async () => {
    const out = job.allocate(rows * k);
    const gram = await job.run(projectBasisPass, stored, { basis: right.data, k, out, ...factors }, 0);
    expectClose(out, left.data, 1e-14);
    expectClose(gram, multiply(left, left, { transposeA: true }).data, 1e-13);
  });
});

it('signs are put on columns in place', async () => {
  const values = shareFloats(job, numbers(501 * 203));
  const before = values.slice();
  const factors = Float64Array.from({ length: 203 }, (_, j) => (j % 3 === 0 ? -1 : 1));
  const source = { kind: 'shared' as const, buffer: values.buffer, dtype: 'float64' as const };
  await job.run(signColumnsPass, { source: { ...source, samples: 501, features: 203 } }, { factors, out: values }, 0);
  expect(values).toEqual(before.map((value, i) => value * factors[i % 203]!));
});

it.each([4, 5, 7, 8, 9, 10, 11])('%i rows times a matrix are as one row after the other', (rows) => {
  const [x, v] = [numbers(rows * 33), createMatrix(33, 10, numbers(330))];
  const multiplier = createRightMultiplier(v);
  const found = new Float64Array(rows * 10);
  multiplier.multiply(x, rows, found);
  const row = new Float64Array(10);
  for (let i = 0; i < rows; i++) {
    multiplier.multiply(x.subarray(i * 33, (i + 1) * 33), 1, row);
    expect(found.slice(i * 10, (i + 1) * 10)).toEqual(row);
  }
  multiplier.free();
});

describe('an eigenproblem shared between threads', () => {
  const n = 390;
  const half = createMatrix(n, n, numbers(n * n));
  const symmetric = (): Float64Array => multiply(half, half, { transposeA: true }).data;

  it.each([n, 50])('of which %i vectors are wanted has the answers of the undivided one', async (k) => {
    const expected = eigh(createMatrix(n, n, symmetric()), { k });
    const spare = job.allocate(spareOfEigh(n));
    const found = await eighInPool(createMatrix(n, n, symmetric()), k, job, 0, spare);
    expect(found.values).toEqual(expected.values);
    expectClose(found.vectors.data, expected.vectors.data, 1e-12);
  });

  it('of zeros has unit vectors', async () => {
    const spare = job.allocate(spareOfEigh(n));
    const { values, vectors } = await eighInPool(createMatrix(n, n), n, job, 0, spare);
    expect(values.every((value) => value === 0)).toBe(true);
    expect(vectors.data.every((value, i) => value === (i % (n + 1) === 0 ? 1 : 0))).toBe(true);
  });
});
