import type { MatrixView } from '../model/rows.ts';
import { inverse } from './row-runs.ts';
import { shareFloats } from './share.ts';
import { isSingle } from './single-rows.ts';
import type { Job } from '../job.ts';

/** A = diag(rowFactor) X diag(columnFactor), X rows that are read as they are stored. No factor stands for 1. */
export interface StoredRows {
  view: MatrixView;
  rowFactor?: Float64Array<SharedArrayBuffer>;
  columnFactor?: Float64Array<SharedArrayBuffer>;
}

/**
 * Takes the scales of a view apart where all else that is done to its float32 rows is nothing: products with A then scale
 * their small factors and never A itself. Other views come back as they are.
 */
export function storedRows(view: MatrixView, job: Pick<Job, 'allocate'>): StoredRows {
  const { rowScale, columnScale, ...plain } = view;
  if (!isSingle(plain)) return { view };
  return {
    view: plain,
    ...(rowScale ? { rowFactor: shareFloats(job, inverse(rowScale)) } : {}),
    ...(columnScale ? { columnFactor: shareFloats(job, inverse(columnScale)) } : {}),
  };
}
