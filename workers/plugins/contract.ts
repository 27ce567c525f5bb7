import type { MatrixView } from '../model/rows.ts';

/* What travels between a job and the thread of a custom algorithm. */

export interface CommonTask {
  /** absolute path of the ES module */
  file: string;
  id: string;
  /** what the module reads: the data after masks and scaling, or the white samples of a separation */
  view: MatrixView;
  parameters: Readonly<Record<string, unknown>>;
  seed: number;
  control: Int32Array<SharedArrayBuffer>;
}

export interface DecompositionTask extends CommonTask {
  kind: 'decomposition';
  /** pixels to which the fitted model is also applied, where the module can and reprojection asks */
  others: MatrixView | null;
  components: number | null;
}

export interface SeparationTask extends CommonTask {
  kind: 'separation';
}

export interface PreprocessingTask extends CommonTask {
  kind: 'preprocessing';
}

export type PluginTask = DecompositionTask | SeparationTask | PreprocessingTask;

/** Checked by the thread that ran the module: lengths fit k, all numbers finite. */
export interface FoundComponents {
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

/** B [k × k] row-major: sources are Y Bᵀ. */
export interface FoundUnmixing {
  unmixing: Float64Array;
  iterations: number;
  converged: boolean;
}

/** B [rows × columns] row-major: as many rows as A, all numbers finite. */
export interface FoundRows {
  data: Float64Array;
  columns: number;
}

export type PluginAnswer = FoundComponents | FoundUnmixing | FoundRows;
