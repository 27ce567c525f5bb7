import type { Job, Pass } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareIndices } from '../../../passes/share.ts';

export interface GatherShared {
  /** takes A [rows × cols], in shared memory */
  out: Float64Array;
}

/** A itself, written to shared memory: for views of a few columns of large data. */
export const gatherPass: Pass<GatherShared, null> = {
  id: 'gather',
  stateBytes: () => 8,
  partial(cols, { out }, next) {
    for (let block = next(); block; block = next()) {
      out.set(block.data.subarray(0, block.rows * cols), block.start * cols);
    }
    return null;
  },
  merge: () => null,
};

/** The columns of this view's matrix, treated alike. @param columns indices into the view's columns; the view is not transposed */
export function columnsOf(view: MatrixView, columns: Int32Array, job: Pick<Job, 'allocate'>): MatrixView {
  const pick = (values: Float64Array): Float64Array => {
    const out = job.allocate(columns.length);
    columns.forEach((column, i) => (out[i] = values[column]!));
    return out;
  };
  return {
    ...view,
    columns: shareIndices(columns.map((column) => (view.columns ? view.columns[column]! : column))),
    ...(view.columnMean ? { columnMean: pick(view.columnMean) } : {}),
    ...(view.columnScale ? { columnScale: pick(view.columnScale) } : {}),
  };
}
