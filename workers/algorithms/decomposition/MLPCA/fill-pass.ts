import type { Pass } from '../../../job.ts';
import type { RowTarget } from '../../../model/rows.ts';
import { openRowTarget } from '../../../passes/row-target.ts';

export interface FillShared {
  /** room for [rows × cols] */
  out: RowTarget;
}

/** Writes every row less the mean of its finite values, and 0 in place of the others. State: rows without any value. */
export const fillPass: Pass<FillShared, number> = {
  id: 'mlpca-fill',
  stateBytes: () => 8,
  partial(cols, { out }, next) {
    const writer = openRowTarget(out, cols);
    let empty = 0;
    try {
      for (let block = next(); block; block = next()) {
        for (let r = 0; r < block.rows; r++) {
          if (!centreRow(block.data.subarray(r * cols, (r + 1) * cols))) empty++;
        }
        writer.write(block.start, block.data);
      }
    } finally {
      writer.close();
    }
    return empty;
  },
  merge: (a, b) => a + b,
};

/** Subtracts the mean of the finite values, puts 0 in place of the others. @returns whether there are any */
function centreRow(row: Float64Array): boolean {
  let sum = 0;
  let count = 0;
  for (let j = 0; j < row.length; j++) {
    if (!Number.isFinite(row[j]!)) continue;
    sum += row[j]!;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  for (let j = 0; j < row.length; j++) row[j] = Number.isFinite(row[j]!) ? row[j]! - mean : 0;
  return count > 0;
}
