import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { Matrix } from '../../../linalg/matrix.ts';

/** Where the rows of P·S go: shared memory, `k` numbers a row. */
export interface LeftTarget {
  out: Float64Array<SharedArrayBuffer>;
  /** total rows of `out` */
  rowCount: number;
  k: number;
  /** row of `out` for each row of A; all in order without */
  rows?: Int32Array<SharedArrayBuffer>;
  /** factor for each row of A */
  scale?: Float64Array<SharedArrayBuffer>;
}

/** A = P diag(s) Qᵀ with rows ≥ cols: what remains in memory beside P·S, which was written to the target. */
export interface TallSvd {
  /** descending, length k */
  singularValues: Float64Array;
  /** Q [cols × k] */
  right: Matrix;
  /** entry of the largest absolute value in each column of P·S, the first on ties: for the sign rule */
  peaks: Float64Array;
  /** ‖A‖²_F */
  energy: number;
}

/** What a solver gets; `view` has at least as many rows as columns. */
export interface SolveTask {
  view: MatrixView;
  k: number;
  target: LeftTarget;
  job: Job;
  /** progress phase of the passes that find Q, of the work between, and of the pass that writes P·S */
  phases: { gather: number; solve: number; write: number };
}

/** Rows of P·S as written, read back as a view without the target's scaling. */
export function targetView(target: LeftTarget): MatrixView {
  return {
    source: {
      kind: 'shared',
      buffer: target.out.buffer,
      dtype: 'float64',
      samples: target.rowCount,
      features: target.k,
    },
    ...(target.rows ? { rows: target.rows } : {}),
    ...(target.scale ? { rowScale: target.scale } : {}),
  };
}
