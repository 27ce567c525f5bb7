import type { Pass } from '../../../job.ts';

/** Length of every row: Σ|x|, √Σx² or max |x|. */
export const rowLengthsPass: Pass<{ out: Float64Array; norm: 'l1' | 'l2' | 'max' }, null> = {
  id: 'cluster-row-lengths',
  stateBytes: () => 8,
  partial(cols, { out, norm }, next) {
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) out[block.start + r] = lengthOf(block.data, r * cols, cols, norm);
    }
    return null;
  },
  merge: () => null,
};

/** Rows divided by their lengths, written to shared memory; rows of length 0 stay. */
export const unitRowsPass: Pass<{ out: Float64Array; norm: 'l1' | 'l2' | 'max' }, null> = {
  id: 'cluster-unit-rows',
  stateBytes: () => 8,
  partial(cols, { out, norm }, next) {
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        const length = lengthOf(block.data, r * cols, cols, norm) || 1;
        const to = (block.start + r) * cols;
        for (let j = 0; j < cols; j++) out[to + j] = block.data[r * cols + j]! / length;
      }
    }
    return null;
  },
  merge: () => null,
};

function lengthOf(data: Float64Array, from: number, cols: number, norm: 'l1' | 'l2' | 'max'): number {
  let length = 0;
  if (norm === 'l2') for (let j = from; j < from + cols; j++) length += data[j]! * data[j]!;
  else if (norm === 'l1') for (let j = from; j < from + cols; j++) length += Math.abs(data[j]!);
  else for (let j = from; j < from + cols; j++) length = Math.max(length, Math.abs(data[j]!));
  return norm === 'l2' ? Math.sqrt(length) : length;
}

export interface ColumnSpread {
  min: Float64Array;
  max: Float64Array;
  /** Σ (x − mean)² */
  squares: Float64Array;
}

/** Extremes of the columns and their squares about a given mean. */
export const columnSpreadPass: Pass<{ mean: Float64Array }, ColumnSpread> = {
  id: 'cluster-column-spread',
  stateBytes: (cols) => 24 * cols,
  partial(cols, { mean }, next) {
    const min = new Float64Array(cols).fill(Infinity);
    const max = new Float64Array(cols).fill(-Infinity);
    const squares = new Float64Array(cols);
    for (let block = next(); block; block = next()) {
      for (let r = 0, at = 0; r < block.rows; r++) {
        for (let j = 0; j < cols; j++, at++) {
          const value = block.data[at]!;
          if (value < min[j]!) min[j] = value;
          if (value > max[j]!) max[j] = value;
          squares[j]! += (value - mean[j]!) ** 2;
        }
      }
    }
    return { min, max, squares };
  },
  merge(a, b) {
    for (let j = 0; j < a.min.length; j++) {
      a.min[j] = Math.min(a.min[j]!, b.min[j]!);
      a.max[j] = Math.max(a.max[j]!, b.max[j]!);
      a.squares[j]! += b.squares[j]!;
    }
    return a;
  },
};

/** Rows divided by their largest value, written to shared memory; rows of which that is 0 stay. @returns the least value */
export const shareOfMaximumPass: Pass<{ out: Float64Array }, number> = {
  id: 'cluster-share-of-maximum',
  stateBytes: () => 8,
  partial(cols, { out }, next) {
    let least = Infinity;
    for (let block = next(); block; block = next()) {
      for (let r = 0; r < block.rows; r++) {
        let most = -Infinity;
        for (let j = r * cols; j < (r + 1) * cols; j++) most = Math.max(most, block.data[j]!);
        for (let j = 0; j < cols; j++) {
          const value = block.data[r * cols + j]! / (most === 0 ? 1 : most);
          if (value < least) least = value;
          out[(block.start + r) * cols + j] = value;
        }
      }
    }
    return least;
  },
  merge: Math.min,
};
