import type { Pass } from '../job.ts';
import { createRightMultiplier } from '../linalg/product.ts';

export interface ProjectShared {
  /** [cols × k] row-major */
  v: Float64Array;
  k: number;
  /** result rows of `stride` numbers in shared memory; row r of A goes to row `rows[r]` (r without), from `column` on */
  out: Float64Array;
  stride: number;
  column: number;
  rows?: Int32Array;
  /** factor for each row of A·V as it is written */
  scale?: Float64Array;
}

/** Of the columns of A·V, before scaling. */
export interface Projection {
  /** sum of squares of each column */
  energy: Float64Array;
  /** entry of the largest absolute value of each column, the first on ties */
  peak: Float64Array;
}

/** A·V, written to shared memory row by row. */
export const projectPass: Pass<ProjectShared, Projection> = {
  id: 'project',
  // Every part packs V anew: a large one asks for fewer, longer parts.
  stateBytes: (cols, { k }) => 16 * k + Math.min(8 * cols * k, 2 * 2 ** 20),
  partial(cols, shared, next) {
    const { k, out, stride, column, rows, scale } = shared;
    const multiplier = createRightMultiplier({ rows: cols, cols: k, data: shared.v });
    const state: Projection = { energy: new Float64Array(k), peak: new Float64Array(k) };
    const largest = new Float64Array(k);
    let product = new Float64Array(0);
    try {
      for (let block = next(); block; block = next()) {
        if (product.length < block.rows * k) product = new Float64Array(block.rows * k);
        multiplier.multiply(block.data, block.rows, product, 0);
        for (let r = 0; r < block.rows; r++) {
          const row = block.start + r;
          const to = (rows ? rows[row]! : row) * stride + column;
          takeRow(state, largest, product, r * k, k, scale ? scale[row]! : 1, out, to);
        }
      }
    } finally {
      multiplier.free();
    }
    return state;
  },
  merge(a, b) {
    for (let j = 0; j < a.energy.length; j++) {
      a.energy[j]! += b.energy[j]!;
      if (Math.abs(b.peak[j]!) > Math.abs(a.peak[j]!)) a.peak[j] = b.peak[j]!;
    }
    return a;
  },
};

/** One loop for lengths, peaks and writing: this touches as many values as the product has. */
function takeRow(
  { energy, peak }: Projection,
  largest: Float64Array,
  product: Float64Array,
  at: number,
  k: number,
  factor: number,
  out: Float64Array,
  to: number,
): void {
  for (let j = 0; j < k; j++) {
    const value = product[at + j]!;
    const square = value * value;
    energy[j]! += square;
    if (square > largest[j]!) {
      largest[j] = square;
      peak[j] = value;
    }
    out[to + j] = value * factor;
  }
}
