import type { Pass } from '../job.ts';

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
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        rowSums[block.start + r] = addRow(sums, block.data, r * cols, cols);
      }
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

/** Adds one row and returns its sum. Sum, energy and extremes first; counting only where they show something unusual. */
function addRow(sums: Sums, data: Float64Array, at: number, cols: number): number {
  const { columnSums } = sums;
  let sum = 0;
  let energy = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let j = 0; j < cols; j++) {
    const value = data[at + j]!;
    columnSums[j]! += value;
    sum += value;
    energy += value * value;
    // NaN compares false both times and shows in the sum instead
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (!Number.isFinite(energy) || !Number.isFinite(sum)) {
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
  return sum;
}
