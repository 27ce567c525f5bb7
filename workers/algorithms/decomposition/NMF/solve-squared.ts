import { gramOf } from '../../../linalg/gram.ts';
import { createRandom } from '../../../linalg/random.ts';
import { capturePass } from '../../../passes/capture.ts';
import { descendRows, withPenalty } from './coordinate-descent.ts';
import { createErrorRule, errorEvery } from './error-rule.ts';
import type { Fit, FitTask } from './fit.ts';
import { multiplyRows } from './multiplicative.ts';
import { costOf } from './penalties.ts';
import type { Reading } from './plan-reading.ts';
import { columnDots, squaredErrorFrom } from './squared-error.ts';
import { nmfSweepPass } from './sweep-pass.ts';

/**
 * Minimises ½‖A − W Hᵀ‖² + penalties by sweeps, each one look at A: W is updated with H fixed, then H with W fixed.
 *
 * Coordinate descent visits the components in scikit-learn's order and stops by its rule, when the projected gradients
 * met in a sweep add up to at most `tol` times those of the first one. Both rules need A only in A·H and AᵀW, and each
 * row of W only its own row of A·H: so a block of A that was read to update its rows of W at once also adds to AᵀW.
 *
 * Float32 data are swept in single precision (see planReading) until they have settled, and once more in double precision.
 * @param shuffle visit the components in random order, drawn anew for each half of a sweep (coordinate descent)
 */
export async function solveSquared(task: FitTask, rule: 'descent' | 'multiplicative', shuffle: boolean): Promise<Fit> {
  const { view, reading, k, w, h, penalty, maxIter, tol, energy, job, phase } = task;
  const random = createRandom(job.seed).fork('order');
  const inOrder = Int32Array.from({ length: k }, (_, t) => t);
  const order = (): Int32Array => (shuffle ? random.permutation(k) : inOrder);
  const settled = rule === 'descent' ? descentRule(tol) : multiplicativeRule(tol);
  const startGramW = rule === 'multiplicative' ? gramOf(w, k) : null;
  const fit: Fit = { w, h, iterations: 0, converged: false, objective: NaN, cross: null };
  let gramH = gramOf(h, k);

  const sweep = async (how: Reading): Promise<Progress> => {
    job.control.check();
    const { single, factors } = how;
    const fixed = { k, gram: withPenalty(gramH, k, penalty.w.l2), l1: penalty.w.l1, order: order() };
    const shared = { ...fixed, w, h, rule, single, factors };
    const { violation, before, cross, gram } = await job.run(nmfSweepPass, how.view, shared, phase);
    const startError = startGramW && fit.iterations === 0 ? squaredErrorFrom(energy, before, startGramW, gramH) : 0;
    const half = { k, gram: withPenalty(gram, k, penalty.h.l2), l1: penalty.h.l1, order: order() };
    const rows = h.length / k;
    let total = violation;
    if (rule === 'descent') total += descendRows(half, h, 0, cross, rows);
    else multiplyRows(half, h, 0, cross, rows);
    gramH = gramOf(h, k);
    fit.cross = columnDots(cross, h, k);
    const error = squaredErrorFrom(energy, fit.cross, gram, gramH);
    fit.iterations++;
    fit.objective = error + costOf(penalty.w, w) + costOf(penalty.h, h);
    job.control.objective(fit.iterations, fit.objective);
    job.control.progress(phase, fit.iterations, maxIter);
    return { iteration: fit.iterations, violation: total, error, startError };
  };

  while (fit.iterations < maxIter) {
    fit.converged = settled(await sweep(reading));
    if (fit.converged || job.control.shouldKeep()) break;
  }
  if (!reading.single) return fit;
  // in single precision a misfit far smaller than the data is known to few digits, though the fit itself is as good
  if (!fit.converged || fit.iterations === maxIter) return measureAgain(fit, task, gramH);
  await sweep({ view, single: false, factors: null });
  return fit;
}

/** The objective and what was captured, in double precision. */
async function measureAgain(
  fit: Fit,
  { view, k, w, h, penalty, job, phase }: FitTask,
  gramH: Float64Array,
): Promise<Fit> {
  const { cross, energy } = await job.run(capturePass, view, { factors: h, loadings: w, k }, phase);
  const error = squaredErrorFrom(energy, cross, gramOf(w, k), gramH);
  return { ...fit, cross, objective: error + costOf(penalty.w, w) + costOf(penalty.h, h) };
}

interface Progress {
  iteration: number;
  violation: number;
  error: number;
  /** error of the start values, told with the first iteration of multiplicative steps */
  startError: number;
}

type StopRule = (progress: Progress) => boolean;

function descentRule(tol: number): StopRule {
  let first = 0;
  return ({ iteration, violation }) => {
    if (iteration === 1) first = violation;
    return first === 0 || violation / first <= tol;
  };
}

function multiplicativeRule(tol: number): StopRule {
  const rule = createErrorRule(tol);
  return ({ iteration, error, startError }) => {
    if (iteration === 1) rule.begin(startError);
    return iteration % errorEvery === 0 && rule.isSettled(error);
  };
}
