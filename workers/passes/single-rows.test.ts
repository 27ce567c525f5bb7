import { describe, expect, it } from 'vitest';
import { sharedSource } from '../../test/golden/run-step.ts';
import type { MatrixView } from '../model/rows.ts';
import { createLocalJob } from './local-job.ts';
import { shareIndices } from './share.ts';
import { isSingle, openSingleRows } from './single-rows.ts';
import { sketchPass } from './sketch.ts';

const [rows, cols] = [400, 90];
const values = Float32Array.from({ length: rows * cols }, (_, at) => Math.sin(at * 0.37) + 1.5);
const source = sharedSource(values, 'float32', rows, cols);
const doubles = sharedSource(Float64Array.from(values), 'float64', rows, cols);

describe('rows of float32 data', () => {
  it('are taken as they are only when nothing is done to them', () => {
    expect(isSingle({ source })).toBe(true);
    expect(isSingle({ source, rows: shareIndices([0, 3]) })).toBe(true);
    const others: MatrixView[] = [
      { source: doubles },
      { source, columns: shareIndices([1]) },
      { source, transpose: true },
      { source, rowMean: new Float64Array(rows) },
      { source, columnMean: new Float64Array(cols) },
      { source, rowScale: new Float64Array(rows) },
      { source, columnScale: new Float64Array(cols) },
    ];
    for (const view of others) expect(openSingleRows(view)).toBeNull();
  });

  it('are the data themselves where they follow each other, and gathered where some are left out', () => {
    const all = openSingleRows({ source })!(7, 9);
    expect(all).toEqual(values.slice(7 * cols, 9 * cols));
    expect(all.buffer).toBe(source.kind === 'shared' ? source.buffer : null);
    const some = openSingleRows({ source, rows: shareIndices([2, 5, 6, 9]) })!;
    const row = (i: number): number[] => [...values.subarray(i * cols, (i + 1) * cols)];
    expect([...some(0, 4)]).toEqual([2, 5, 6, 9].flatMap(row));
    expect([...some(1, 3)]).toEqual([5, 6].flatMap(row));
  });

  it('give the sketch of the same values in float64, to single precision', async () => {
    const omega = Float64Array.from({ length: cols * 15 }, (_, at) => Math.cos(at * 1.7));
    const job = createLocalJob();
    const single = await job.run(sketchPass, { source }, { omega, k: 15 }, 0);
    const double = await job.run(sketchPass, { source: doubles }, { omega, k: 15 }, 0);
    const largest = Math.max(...double.product.map(Math.abs));
    single.product.forEach((value, i) => expect(Math.abs(value - double.product[i]!) / largest).toBeLessThan(3e-6));
    expect(single.energy / double.energy).toBeCloseTo(1, 12);
  });
});
