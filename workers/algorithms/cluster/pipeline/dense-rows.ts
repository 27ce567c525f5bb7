import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { clusterGatherPass } from './gather-pass.ts';

/** Rows in memory, perhaps those of the source itself: not to be written to. */
export interface DenseRows {
  /** n × cols */
  data: Float64Array<SharedArrayBuffer>;
  n: number;
  cols: number;
}

/** B as it is, for methods that look at any row at any time; copied only where the source does not hold it so. */
export async function denseRows(view: MatrixView, job: Job, phase: number): Promise<DenseRows> {
  const { rows: n, cols } = viewShape(view);
  const { source, ...treatment } = view;
  const isUntreated = Object.values(treatment).every((value) => value === undefined);
  if (isUntreated && source.kind === 'shared' && source.dtype === 'float64') {
    return { data: new Float64Array(source.buffer, 0, n * cols), n, cols };
  }
  const data = job.allocate(n * cols);
  await job.run(clusterGatherPass, view, { out: data }, phase);
  return { data, n, cols };
}

export const denseView = ({ data, n, cols }: DenseRows): MatrixView => ({
  source: { kind: 'shared', buffer: data.buffer, dtype: 'float64', samples: n, features: cols },
});

/** Some rows of a view, with their own means and scales; a row may come more than once. */
export function pickRows(view: MatrixView, picked: Int32Array): MatrixView {
  const shared = (length: number): SharedArrayBuffer => new SharedArrayBuffer(length);
  const rows = new Int32Array(shared(4 * picked.length));
  for (let i = 0; i < picked.length; i++) rows[i] = view.rows ? view.rows[picked[i]!]! : picked[i]!;
  const pick = (values: Float64Array): Float64Array => {
    const out = new Float64Array(shared(8 * picked.length));
    for (let i = 0; i < picked.length; i++) out[i] = values[picked[i]!]!;
    return out;
  };
  return {
    ...view,
    rows,
    ...(view.rowScale ? { rowScale: pick(view.rowScale) } : {}),
    ...(view.rowMean ? { rowMean: pick(view.rowMean) } : {}),
  };
}
