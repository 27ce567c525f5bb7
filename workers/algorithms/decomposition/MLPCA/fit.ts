import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { createDescent, dot } from './descent.ts';
import { factorSystems, type PackedSystems } from './packed-systems.ts';
import { weightedSweepPass, type SweepState } from './sweep-pass.ts';
import { requireNoNegative, type VarianceModel } from './variance.ts';

export interface FitOptions {
  p: number;
  tol: number;
  /** half-steps, two for each look at the data */
  maxIter: number;
  phase: number;
  /** which side `start` is: L [rows × p], or F [cols × p] */
  given?: 'loadings' | 'factors';
}

/** A ≈ L Fᵀ of least weighted squares, of the view's rows and columns in order. */
export interface WeightedFit {
  /** [rows × p] */
  loadings: Float64Array;
  /** [cols × p] */
  factors: Float64Array;
  /** Σ w (a − L Fᵀ)² */
  objective: number;
  iterations: number;
  converged: boolean;
  /** values of A that weigh nothing */
  ignored: number;
  /** rows and columns whose weights do not determine all p numbers */
  undetermined: { rows: number; columns: number };
}

/**
 * Share of the tolerance that the last half-step may still change the objective by. Plain alternation stops with what
 * is left being many times its last change; here the last change is made ten times smaller as well.
 */
const margin = 0.1;
/** Changes and objectives this small beside the objective and the data are rounding. */
const rounding = 1e-15;
const nothingLeft = 1e-28;
/**
 * While a pair of half-steps still takes more than this share off the objective, the way is not yet clear: long steps could
 * then lead to another local optimum than alternation finds, and not a better one.
 */
const farAway = 1e-3;
const sufficientDecrease = 1e-4;
/** Shorter steps tried before falling back to a half-step, which cannot fail. */
const mostTrials = 3;

/** One look at the data for given F: the objective with the best L, and what follows for F. */
interface Look {
  factors: Float64Array;
  loadings: Float64Array<SharedArrayBuffer>;
  /** φ(F) = min_L Σ w (a − L Fᵀ)² */
  value: number;
  /** −½ gradient of φ [cols × p] */
  descent: Float64Array;
  systems: PackedSystems;
  /** F after the half-step: the best for these L */
  target: Float64Array;
  /** what the half-step takes off the objective */
  gain: number;
  state: SweepState;
}

/**
 * Finds L and F from one of them by minimising φ(F) = min_L Σ w (a − L Fᵀ)², the objective of alternating least squares seen
 * as a function of F alone. Its gradient −2 Σ_i w_ij r_ij l_i costs nothing beyond a pair of half-steps, and the second
 * half-step is a step along it scaled by the inverse curvature at fixed L, (2 Σ_i w_ij l_i l_iᵀ)⁻¹. Used as the metric
 * of a limited-memory quasi-Newton method it keeps its invariance while the linear convergence of alternation, which
 * takes thousands of steps where components are hardly above the noise, becomes superlinear. Every accepted step lowers
 * φ; where a step does not, it is shortened, and at last replaced by the plain half-step, which always does. The first
 * steps, while alternation makes quick progress, are plain. So the stationary points are those of the plain
 * method, and so is the rule to stop: the relative change of the objective over one half-step, here below a tenth of the
 * tolerance. Where weights differ by many orders of magnitude there are several local optima, and which of them is found
 * can differ from plain alternation, for better or worse.
 *
 * @param start one side to begin with, any basis; is overwritten
 * @throws EigenscopeError `cancelled`, `negative-data` for negative variances
 * @see Wentzell et al., J. Chemometrics 11, 339 (1997) for the alternation; Golub & Pereyra, Inverse Problems 19, R1
 *   (2003) for variable projection; De Sterck & Winlaw, Numer. Linear Algebra Appl. 22, 410 (2015) for alternating least
 *   squares as preconditioner of a quasi-Newton method
 */
export async function fitWeighted(
  view: MatrixView,
  variance: VarianceModel,
  start: Float64Array<SharedArrayBuffer>,
  options: FitOptions,
  job: Job,
): Promise<WeightedFit> {
  const { p, tol, maxIter, phase, given = 'loadings' } = options;
  const { rows, cols } = viewShape(view);
  const { control } = job;
  let spare = job.allocate(rows * p);

  async function look(factors: Float64Array): Promise<Look> {
    control.check();
    const loadings = spare;
    const shared = { variance, p, factors: shareFloats(job, factors), loadings, collect: true };
    const state = await job.run(weightedSweepPass, view, shared, phase);
    iterations += 2;
    return { ...assess(state, factors), loadings };
  }
  function assess(state: SweepState, factors: Float64Array): Omit<Look, 'loadings'> {
    const systems = factorSystems(state.normal, cols, p);
    const step = state.right.slice();
    systems.solve(step);
    const gain = dot(step, state.right);
    const target = factors.map((f, i) => f + step[i]!);
    return { factors, value: state.objective, descent: state.right, systems, target, gain, state };
  }

  /** The best F for given L: the residuals of F = 0 are the data. */
  async function factorsOf(loadings: Float64Array<SharedArrayBuffer>): Promise<Float64Array> {
    const shared = { variance, p, factors: null, loadings, collect: true };
    const state = await job.run(weightedSweepPass, view, shared, phase);
    requireNoNegative(state.tally, variance);
    return assess(state, new Float64Array(cols * p)).target;
  }

  let iterations = 0;
  let current = await look(given === 'factors' ? start.slice() : await factorsOf(start));
  requireNoNegative(current.state.tally, variance);
  spare = given === 'factors' ? job.allocate(rows * p) : start;
  const least = nothingLeft * current.state.energy;
  const memory = createDescent();
  let converged: boolean;
  for (;;) {
    const after = Math.max(0, current.value - current.gain);
    control.objective(iterations, after);
    control.progress(phase, iterations, maxIter);
    converged = current.gain < margin * tol * after || current.gain <= rounding * after || after <= least;
    if (converged || iterations >= maxIter || control.shouldKeep()) break;
    const next = await step(current);
    if (next === null) {
      converged = true;
      break;
    }
    spare = current.loadings;
    current = next;
  }
  return {
    loadings: current.loadings,
    factors: current.target,
    objective: Math.max(0, current.value - current.gain),
    iterations,
    converged,
    ignored: current.state.tally.ignored,
    undetermined: { rows: current.state.undetermined, columns: current.systems.singular },
  };

  /** The next accepted point, or null when not even a half-step changes anything beyond rounding. */
  async function step(from: Look): Promise<Look | null> {
    if (from.gain > farAway * from.value) {
      const found = await look(from.target);
      memory.remember(from, found);
      return found;
    }
    const direction = memory.direction(from);
    const slope = -2 * dot(direction, from.descent);
    let length = 1;
    for (let trial = 0; slope < 0 && trial < mostTrials && (trial === 0 || iterations < maxIter); trial++) {
      const found = await look(from.factors.map((f, i) => f + length * direction[i]!));
      if (found.value <= from.value + sufficientDecrease * length * slope) {
        memory.remember(from, found);
        return found;
      }
      // the parabola through both values with the slope at the first
      const bottom = (-slope * length * length) / (2 * (found.value - from.value - slope * length));
      length = Math.min(0.5 * length, Math.max(0.1 * length, bottom > 0 ? bottom : 0));
    }
    memory.forget();
    const found = await look(from.target);
    return found.value < from.value ? found : null;
  }
}
