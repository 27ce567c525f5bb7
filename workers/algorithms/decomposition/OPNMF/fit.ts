import type { Job } from '../../../job.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { crossPass } from '../../../passes/cross.ts';
import { createStepper } from './steppers.ts';
import { projectionError, relativeChange } from './update.ts';

export interface FitOptions {
  k: number;
  maxIter: number;
  tol: number;
  /** ‖A‖² */
  energy: number;
  phases: { gather: number; solve: number };
  /** told of ‖A − W WᵀA‖_F after each iteration, counted from 1 */
  onObjective?: (iteration: number, value: number) => void;
}

export interface Fit {
  /** W [rows × k] in shared memory */
  w: Float64Array<SharedArrayBuffer>;
  /** B = AᵀW [cols × k] */
  b: Float64Array;
  /** WᵀW [k × k] */
  gram: Float64Array;
  /** BᵀB [k × k] */
  c: Float64Array;
  /** ‖A − W WᵀA‖_F */
  error: number;
  iterations: number;
  converged: boolean;
}

/**
 * Fits A ≈ W WᵀA, W ≥ 0, by the multiplicative rule W ← W ∘ P / (W WᵀP), P = AAᵀW, each time divided by ‖W‖₂, until W
 * changes by less than `tol` of its length. Where the user stops and keeps, W is the last iterate.
 * @param view A, no negative values
 * @param start W [rows × k] to begin with; is overwritten
 * @throws EigenscopeError `cancelled`, `out-of-memory`
 * @see Yang & Oja, IEEE Trans. Neural Netw. 21, 734 (2010)
 */
export async function fitOpnmf(
  view: MatrixView,
  start: Float64Array<SharedArrayBuffer>,
  options: FitOptions,
  job: Job,
): Promise<Fit> {
  const { k, maxIter, tol, energy, phases, onObjective } = options;
  const { control } = job;
  const stepper = await createStepper(view, k, job, phases.gather);
  let w = start;
  let next = job.allocate(start.length);
  let gram: Float64Array | null = null;
  let iterations = 0;
  let converged = false;
  try {
    while (iterations < maxIter && !converged) {
      control.check();
      const result = await stepper.step(w, next);
      // what a step knows of the W before it completes the objective of that W
      if (gram) onObjective?.(iterations, projectionError(energy, gram, result.c, k));
      gram = result.gram;
      const change = relativeChange(w, next);
      [w, next] = [next, w];
      iterations++;
      converged = change < tol;
      control.progress(phases.solve, iterations, maxIter);
      if (control.shouldKeep()) break;
    }
  } finally {
    stepper.free();
  }
  const { rows } = viewShape(view);
  const b = await job.run(crossPass, view, { b: w.subarray(0, rows * k), k }, phases.gather);
  const c = gramOf(b, k);
  gram ??= gramOf(w, k);
  const error = projectionError(energy, gram, c, k);
  if (iterations > 0) onObjective?.(iterations, error);
  return { w, b, gram, c, error, iterations, converged };
}
