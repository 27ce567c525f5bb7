import type { MatrixView } from '../model/rows.ts';

/* What travels between a job and the thread of a custom algorithm. */

export interface PluginTask {
  /** absolute path of the ES module */
  file: string;
  id: string;
  /** kept pixels × kept channels after masks and scaling */
  view: MatrixView;
  /** pixels to which the fitted model is also applied, where the module can and reprojection asks */
  others: MatrixView | null;
  parameters: Readonly<Record<string, unknown>>;
  components: number | null;
  seed: number;
  control: Int32Array<SharedArrayBuffer>;
}

/** Checked by the thread that ran the module: lengths fit k, all numbers finite. */
export interface PluginAnswer {
  k: number;
  /** [columns × k] row-major */
  factors: Float64Array;
  /** [rows × k] row-major */
  loadings: Float64Array;
  /** [others × k], null where the module has no transform */
  otherLoadings: Float64Array | null;
  /** [k] or null */
  explainedVariance: Float64Array | null;
  /** [columns] or null */
  mean: Float64Array | null;
  iterations: number | null;
  converged: boolean | null;
  objective: number | null;
}
