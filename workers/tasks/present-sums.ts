/** Sums over rows of X, values that are NaN left out. */
export interface PresentSums {
  /** [features] */
  columnSums: Float64Array;
  /** how many values were left out of each sum [features] */
  missing: Float64Array;
  /** rows added */
  rows: number;
}

/** Sums of further rows go to `a`. */
export function mergePresentSums(a: PresentSums, b: PresentSums): PresentSums {
  for (let j = 0; j < a.columnSums.length; j++) {
    a.columnSums[j]! += b.columnSums[j]!;
    a.missing[j]! += b.missing[j]!;
  }
  a.rows += b.rows;
  return a;
}

/** Mean over the samples of every feature; NaN where none has a value. */
export const presentMeans = ({ columnSums, missing, rows }: PresentSums): Float64Array =>
  columnSums.map((sum, j) => sum / (rows - missing[j]!));
