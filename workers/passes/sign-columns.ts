import type { Pass } from '../job.ts';

export interface SignColumnsShared {
  /** one factor for each column of the view */
  factors: Float64Array;
  /** the memory the view is of, whole rows in order */
  out: Float64Array;
}

/** Multiplies columns in place by factors, such as signs. */
export const signColumnsPass: Pass<SignColumnsShared, null> = {
  id: 'sign-columns',
  stateBytes: (cols) => 8 * cols,
  takesNothing: true,
  partial(cols, { factors, out }, next) {
    for (let block = next(); block; block = next()) {
      const end = (block.start + block.rows) * cols;
      for (let at = block.start * cols; at < end; at += cols) {
        for (let j = 0; j < cols; j++) out[at + j]! *= factors[j]!;
      }
    }
    return null;
  },
  merge: (a) => a,
};
