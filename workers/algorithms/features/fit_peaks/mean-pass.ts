import type { Pass } from '../../../job.ts';

export interface MeanState {
  /** over rows whose values are all finite */
  sums: Float64Array;
  rows: number;
  negative: number;
}

/** Sum of the spectra that hold numbers only. */
export const peakMeanPass: Pass<Record<string, never>, MeanState> = {
  id: 'peak-mean',
  stateBytes: (cols) => 8 * cols,
  partial(cols, _shared, next) {
    const state: MeanState = { sums: new Float64Array(cols), rows: 0, negative: 0 };
    for (let block = next(); block; block = next()) {
      for (let i = 0; i < block.rows; i++) {
        const row = block.data.subarray(i * cols, (i + 1) * cols);
        let negative = 0;
        let test = 0;
        for (let j = 0; j < cols; j++) {
          test += row[j]! - row[j]!;
          if (row[j]! < 0) negative++;
        }
        if (test !== 0) continue;
        state.rows++;
        state.negative += negative;
        for (let j = 0; j < cols; j++) state.sums[j]! += row[j]!;
      }
    }
    return state;
  },
  merge(a, b) {
    for (let j = 0; j < a.sums.length; j++) a.sums[j]! += b.sums[j]!;
    a.rows += b.rows;
    a.negative += b.negative;
    return a;
  },
};
