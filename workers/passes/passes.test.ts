import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readProgress, requestStop } from '../control.ts';
import type { Pass } from '../job.ts';
import { createRandom } from '../linalg/random.ts';
import { multiply } from '../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import type { MatrixView, RowSource } from '../model/rows.ts';
import { crossPass } from './cross.ts';
import { gramPass } from './gram.ts';
import { createLocalJob } from './local-job.ts';
import { modelRowsPass } from './model-rows.ts';
import { normalProductPass } from './normal-product.ts';
import { partition } from './partition.ts';
import { projectPass } from './project.ts';
import { passById } from './registry.ts';
import { blockRows, mergeInOrder, runPart, transferable } from './run-part.ts';
import { sumsPass } from './sums.ts';

const rows = 3000;
const cols = 40;
const random = createRandom(1);
const values = Float32Array.from({ length: rows * cols }, () => random.gaussian());
const buffer = new SharedArrayBuffer(values.byteLength);
new Float32Array(buffer).set(values);
const source: RowSource = { kind: 'shared', buffer, dtype: 'float32', samples: rows, features: cols };
const view: MatrixView = { source };
const x = createMatrix(rows, cols, Float64Array.from(values));

/** Plain triple loop, as an outside reference. */
function product(a: Matrix, b: Matrix, transposeA: boolean): number[] {
  const [m, depth] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
  const out: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < b.cols; j++) {
      let sum = 0;
      for (let d = 0; d < depth; d++) sum += a.data[transposeA ? d * m + i : i * depth + d]! * b.data[d * b.cols + j]!;
      out.push(sum);
    }
  }
  return out;
}

function closeTo(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance);
}

const narrow = (k: number, count: number): Matrix =>
  createMatrix(
    count,
    k,
    Float64Array.from({ length: count * k }, () => random.gaussian()),
  );

describe('partition', () => {
  const sized = (bytes: number): Pass<null, null> =>
    ({ ...gramPass, stateBytes: () => bytes }) as unknown as Pass<null, null>;
  const large: MatrixView = { source: { ...source, samples: 1_000_003 } };

  it('covers all rows once, in order, in parts of nearly equal size', () => {
    const parts = partition(large, sized(8), null);
    expect(parts).toHaveLength(16);
    expect(parts[0]!.start).toBe(0);
    expect(parts.at(-1)!.end).toBe(1_000_003);
    parts.slice(1).forEach((part, i) => expect(part.start).toBe(parts[i]!.end));
    const sizes = parts.map((part) => part.end - part.start);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it.each([
    [2 ** 20, 16],
    [8 * 2 ** 20, 8],
    [40 * 2 ** 20, 3],
    [200 * 2 ** 20, 2],
    [300 * 2 ** 20, 1],
  ])('keeps states of %d bytes within memory: %d parts', (bytes, count) => {
    expect(partition(large, sized(bytes), null)).toHaveLength(count);
  });

  it('does not cut what is small', () => {
    expect(partition({ source: { ...source, samples: 50 } }, sized(8), null)).toEqual([{ start: 0, end: 50 }]);
  });
});

describe('passes', () => {
  it('add up rows and columns and count what is unusual', async () => {
    const odd = Float64Array.of(1, -2, 3, NaN, 5, -Infinity, 7, 8, 9);
    const shared = new SharedArrayBuffer(72);
    new Float64Array(shared).set(odd);
    const job = createLocalJob();
    const rowSums = job.allocate(3);
    const small: RowSource = { kind: 'shared', buffer: shared, dtype: 'float64', samples: 3, features: 3 };
    const sums = await job.run(sumsPass, { source: small }, { rowSums }, 0);
    expect(sums).toMatchObject({ min: -Infinity, max: 9, negative: 2, notFinite: 2, rowsNotFinite: 1, energy: 233 });
    expect([...rowSums]).toEqual([2, NaN, 24]);
    expect([...sums.columnSums]).toEqual([NaN, 11, -Infinity]);
  });

  it('compute AᵀA', async () => {
    closeTo(await createLocalJob().run(gramPass, view, null, 0), product(x, x, true));
  });

  it('compute A·V into chosen rows, with column lengths and largest entries', async () => {
    const v = narrow(3, cols);
    const job = createLocalJob();
    const out = job.allocate(rows * 5);
    const reversed = Int32Array.from({ length: rows }, (_, i) => rows - 1 - i);
    const scale = Float64Array.from({ length: rows }, (_, i) => i % 2);
    const shared = { v: v.data, k: 3, out, stride: 5, column: 1, rows: reversed, scale };
    const { energy, peak } = await job.run(projectPass, view, shared, 0);
    const expected = product(x, v, false);
    for (const i of [0, 1, 2, 777, rows - 1]) {
      const row = rows - 1 - i;
      closeTo(out.subarray(row * 5, row * 5 + 5), [0, ...expected.slice(i * 3, i * 3 + 3).map((p) => p * (i % 2)), 0]);
    }
    for (const j of [0, 1, 2]) {
      const column = Array.from({ length: rows }, (_, i) => expected[i * 3 + j]!);
      expect(energy[j]).toBeCloseTo(
        column.reduce((sum, p) => sum + p * p, 0),
        6,
      );
      expect(peak[j]).toBeCloseTo(
        column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
        9,
      );
    }
  });

  it('compute AᵀB', async () => {
    const b = narrow(4, rows);
    closeTo(await createLocalJob().run(crossPass, view, { b: b.data, k: 4 }, 0), product(x, b, true));
  });

  it('compute Aᵀ(AΩ) and ‖A‖²', async () => {
    const omega = narrow(4, cols);
    const { product: found, energy } = await createLocalJob().run(
      normalProductPass,
      view,
      { omega: omega.data, k: 4 },
      0,
    );
    closeTo(found, product(x, createMatrix(rows, 4, Float64Array.from(product(x, omega, false))), true), 1e-7);
    expect(energy).toBeCloseTo(
      x.data.reduce((sum, v) => sum + v * v, 0),
      6,
    );
  });

  it('compute a model and its distance from the data', async () => {
    const [l, f] = [narrow(2, rows), narrow(2, cols)];
    const job = createLocalJob();
    const out = job.allocate(rows * cols);
    const factors = Float64Array.from(
      { length: 2 * cols },
      (_, at) => f.data[(at % cols) * 2 + Math.floor(at / cols)]!,
    );
    const columnMean = Float64Array.from({ length: cols }, (_, j) => j);
    const shared = {
      loadings: l.data,
      factors,
      k: 2,
      columnMean,
      residual: true,
      out: { kind: 'shared', data: out } as const,
    };
    const { error, energy, compared } = await job.run(modelRowsPass, view, shared, 0);
    const model = multiply(l, f, { transposeB: true }).data.map((v, at) => v + (at % cols));
    closeTo(
      out,
      x.data.map((v, at) => v - model[at]!),
    );
    expect(error).toBeCloseTo(
      x.data.reduce((sum, v, at) => sum + (v - model[at]!) ** 2, 0),
      4,
    );
    expect(energy).toBeCloseTo(
      x.data.reduce((sum, v) => sum + v * v, 0),
      4,
    );
    expect(compared).toBe(rows * cols);
  });

  it('are all found by their id', () => {
    for (const pass of [sumsPass, gramPass, projectPass, crossPass, normalProductPass, modelRowsPass]) {
      expect(passById(pass.id)).toBe(pass);
    }
    expect(() => passById('gone')).toThrow(/gone/);
  });
});

describe('the order of work', () => {
  it('does not change a bit of the answer', async () => {
    const parts = partition(view, gramPass, null);
    expect(parts.length).toBeGreaterThan(2);
    const { check } = createLocalJob().control;
    const backwards = parts.toReversed().map((part) => runPart(gramPass, view, null, part, { check }));
    const merged = mergeInOrder(gramPass, backwards.toReversed());
    expect(merged).toEqual(await createLocalJob().run(gramPass, view, null, 0));
  });
});

describe('progress and cancelling', () => {
  it('reports the rows that are done', async () => {
    const control = openControl(createControlBlock());
    await createLocalJob(0, control).run(gramPass, view, null, 3);
    expect(readProgress(control.block)).toEqual({ phase: 3, done: rows, total: rows });
  });

  it('stops at the next block', () => {
    const control = openControl(createControlBlock());
    const step = blockRows(1200);
    const part = { start: 0, end: 3 * step };
    const zeros = new SharedArrayBuffer(part.end * 1200);
    const long: RowSource = { kind: 'shared', buffer: zeros, dtype: 'uint8', samples: part.end, features: 1200 };
    const done: number[] = [];
    const stopAfterFirst = (count: number): void => {
      done.push(count);
      requestStop(control.block, 'cancel');
    };
    const rowSums = new Float64Array(part.end);
    expect(() => runPart(sumsPass, { source: long }, { rowSums }, part, control, stopAfterFirst)).toThrow('Cancelled');
    expect(done).toEqual([step]);
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'passes-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the same bits as the same rows in memory', async () => {
    const path = join(folder, 'rows.raw');
    writeFileSync(path, new Uint8Array(values.buffer));
    const file: RowSource = {
      kind: 'raw',
      path,
      offset: 0,
      littleEndian: true,
      dtype: 'float32',
      samples: rows,
      features: cols,
    };
    for (const transpose of [false, true]) {
      const [a, b] = [file, source].map((s) => ({
        source: { ...s, samples: transpose ? 60 : rows } as RowSource,
        transpose,
      }));
      expect(await createLocalJob().run(gramPass, a!, null, 0)).toEqual(
        await createLocalJob().run(gramPass, b!, null, 0),
      );
    }
  });
});

describe('transferable', () => {
  it('lists the memory of a state once, and never shared memory', () => {
    const own = new Float64Array(4);
    const state = {
      a: own,
      b: own.subarray(1),
      c: 3,
      d: { e: new Float64Array(2) },
      f: new Float64Array(new SharedArrayBuffer(8)),
    };
    expect(transferable(state)).toEqual([own.buffer, state.d.e.buffer]);
    expect(transferable(own)).toEqual([own.buffer]);
  });
});
