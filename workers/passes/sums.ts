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

type SixNumbers = [number, number, number, number, number, number];

/** Row sums, column sums, Σa², extremes and counts of what cannot be used, in one pass. */
export const sumsPass: Pass<SumsShared, Sums> = {
  id: 'sums',
  stateBytes: (cols) => 8 * cols,
  perValue: () => 8,
  partial(cols, { rowSums }, next) {
    const k = kernels();
    const buffer = createRowBuffer(k, cols);
    try {
      return k.scope((allocate) => {
        const columnSums = allocate(cols * 8);
        const pieceSums = allocate(buffer.capacity * 8);
        const totals = allocate(6 * 8);
        k.f64(columnSums, cols).fill(0);
        k.f64(totals, 6).set([0, Infinity, -Infinity, 0, 0, 0]);
        for (let block = next(); block; block = next()) {
          for (const { address, start, count } of buffer.fill(block.data, block.rows)) {
            k.run.sumRows(count, cols, address, columnSums, pieceSums, totals);
            rowSums.set(k.f64(pieceSums, count), block.start + start);
          }
        }
        const [energy, min, max, negative, notFinite, rowsNotFinite] = k.f64(totals, 6) as unknown as SixNumbers;
        return { columnSums: k.f64(columnSums, cols).slice(), energy, min, max, negative, notFinite, rowsNotFinite };
      });
    } finally {
      buffer.free();
    }
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
