import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { Penalty } from './penalties.ts';
import type { Reading } from './plan-reading.ts';

type SharedFloats = Float64Array<SharedArrayBuffer>;

/** What every solver starts from. A [rows × cols] ≈ W Hᵀ, with W [rows × k] and H [cols × k]. */
export interface FitTask {
  view: MatrixView;
  /** how solvers of the squared error read it */
  reading: Reading;
  k: number;
  /** start values in shared memory; changed in place */
  w: SharedFloats;
  h: SharedFloats;
  penalty: { w: Penalty; h: Penalty };
  maxIter: number;
  tol: number;
  /** ‖A‖² */
  energy: number;
  job: Job;
  /** progress phase of the iterations */
  phase: number;
}

export interface Fit {
  w: SharedFloats;
  h: SharedFloats;
  iterations: number;
  converged: boolean;
  /** what was minimised, penalties included */
  objective: number;
  /** Σ_i W_ij (A H)_ij for each component j, where known without another look at A */
  cross: Float64Array | null;
}
