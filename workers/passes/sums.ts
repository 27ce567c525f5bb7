import type { Pass } from '../job.ts';
import { kernels } from '../kernels/kernels.ts';
import { createRowBuffer } from '../linalg/row-buffer.ts';

export interface SumsShared {
  /** one sum per row of A is written here, by row of A */
  rowSums: Float64Array;
}

/** What one look at all values tells. */
export interface Sums {
  columnSums: Float64Array;
  /** Σ a², over finite values */
  energy: number;
  min: number;
  max: number;
  negative: number;
  /** values that are NaN or infinite, and rows that hold any */
  notFinite: number;
  rowsNotFinite: number;
}

/** Row sums, column sums, Σa², extremes and counts of what cannot be used, in one pass. */
export const sumsPass: Pass<SumsShared, Sums> = {
  id: 'sums',
  stateBytes: (cols) => 8 * cols,
  partial(cols, { rowSums }, next) {
    const sums: Sums = {
      columnSums: new Float64Array(cols),
      energy: 0,
      min: Infinity,
      max: -Infinity,
      negative: 0,
      notFinite: 0,
      rowsNotFinite: 0,
    };
    const k = kernels();
    const [columnSums, told] = [k.allocate(Math.max(1, cols) * 8), k.allocate(32)];
    const buffer = createRowBuffer(k, cols);
    k.f64(columnSums, cols).fill(0);
    try {
      for (let block = next(); block; block = next()) {
        for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
          const row = k.f64(told, 4);
          for (let r = 0; r < count; r++) {
            k.run.sumRow(cols, address + r * cols * 8, columnSums, told);
            addRow(sums, row, block.data, (start + r) * cols, cols);
            rowSums[block.start + start + r] = row[0]!;
          }
        }
      }
      sums.columnSums.set(k.f64(columnSums, cols));
    } finally {
      buffer.free();
      k.free(told);
      k.free(columnSums);
    }
    return sums;
  },
  merge(a, b) {
    for (let j = 0; j < a.columnSums.length; j++) a.columnSums[j]! += b.columnSums[j]!;
    a.energy += b.energy;
    a.min = Math.min(a.min, b.min);
    a.max = Math.max(a.max, b.max);
    a.negative += b.negative;
    a.notFinite += b.notFinite;
    a.rowsNotFinite += b.rowsNotFinite;
    return a;
  },
};

/** Adds what the kernel tells of a row: sum, energy, extremes. Counting only where they show something unusual. */
function addRow(sums: Sums, told: Float64Array, data: Float64Array, at: number, cols: number): void {
  let energy = told[1]!;
  const [min, max] = [told[2]!, told[3]!];
  if (!Number.isFinite(energy) || !Number.isFinite(told[0]!)) {
    let bad = 0;
    energy = 0;
    for (let j = 0; j < cols; j++) {
      const value = data[at + j]!;
      if (Number.isFinite(value)) energy += value * value;
      else bad++;
    }
    sums.notFinite += bad;
    if (bad > 0) sums.rowsNotFinite++;
  }
  if (min < 0) for (let j = 0; j < cols; j++) if (data[at + j]! < 0) sums.negative++;
  if (min < sums.min) sums.min = min;
  if (max > sums.max) sums.max = max;
  sums.energy += energy;
}
