import { nmfDivergencePass, type DivergenceSums } from './divergence-pass.ts';
import { stepRows, type DivergenceStep, type Loss } from './divergence.ts';
import { createErrorRule, errorEvery } from './error-rule.ts';
import type { Fit, FitTask } from './fit.ts';
import { costOf } from './penalties.ts';

/**
 * Minimises a divergence + penalties by multiplicative steps, each one look at A. The divergence after a step is added up
 * by the look of the next one, which writes its new W beside the old one, so that a fit that turns out to have settled
 * is still there.
 */
export async function solveDivergence(task: FitTask, loss: Loss): Promise<Fit> {
  const { view, k, h, penalty, maxIter, tol, job, phase } = task;
  let { w } = task;
  let next = job.allocate(w.length);
  const stepW: DivergenceStep = { k, loss, penalty: penalty.w, clip: loss === 'itakura-saito' };
  const stepH: DivergenceStep = { k, loss, penalty: penalty.h, clip: true };
  const rule = createErrorRule(tol);
  const fit: Fit = { w, h, iterations: 0, converged: false, objective: NaN, cross: null };
  for (;;) {
    job.control.check();
    const last = fit.iterations >= maxIter || (fit.iterations > 0 && job.control.shouldKeep());
    const measure = last || fit.iterations % errorEvery === 0;
    const sums = columnSums(h, k);
    const shared = { step: stepW, w, next, h, sums, measure };
    const found = await job.run(nmfDivergencePass, view, shared, phase);
    if (measure) {
      const error = totalDivergence(loss, found, sums, w, k);
      fit.objective = error + costOf(penalty.w, w) + costOf(penalty.h, h);
      if (fit.iterations === 0) rule.begin(error);
      else {
        job.control.objective(fit.iterations, fit.objective);
        if (fit.iterations % errorEvery === 0) fit.converged = rule.isSettled(error);
      }
    }
    if (last || fit.converged) return { ...fit, w };
    [w, next] = [next, w];
    stepRows(stepH, h, h, 0, found.numerator, found.divisor, h.length / k);
    fit.iterations++;
    job.control.progress(phase, fit.iterations, maxIter);
  }
}

/** The divergence: what was added up block by block, and for Kullback–Leibler the sum of the model. */
function totalDivergence(loss: Loss, found: DivergenceSums, sumsH: Float64Array, w: Float64Array, k: number): number {
  if (loss === 'itakura-saito') return found.divergence;
  const sumsW = columnSums(w, k);
  return sumsH.reduce((total, value, j) => total + value * sumsW[j]!, found.divergence);
}

function columnSums(rows: Float64Array, k: number): Float64Array {
  const sums = new Float64Array(k);
  for (let at = 0; at < rows.length; at += k) for (let j = 0; j < k; j++) sums[j]! += rows[at + j]!;
  return sums;
}
