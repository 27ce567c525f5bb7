import type { Job } from '../../../job.ts';
import { createCurvature, dot, type Place } from './curvature.ts';
import type { HuberLoss } from './loss.ts';
import { fromPaddedRows, paddedRows, scaledLeft, singularForm, type LowRank } from './low-rank.ts';

export interface MinimizeOptions {
  maxIter: number;
  /** ‖C‖ below which nothing is left to describe */
  remainder: number;
  objectiveTol: number;
  /** progress phase */
  phase: number;
}

export interface Minimum {
  low: LowRank;
  iterations: number;
  converged: boolean;
}

/** Iterations over which the fall of the objective is averaged. */
const windowLength = 10;
/** Share of the fall promised by the slope that a step must reach (Nocedal & Wright, eq. 3.4). */
const sufficient = 1e-4;
const smallestStep = 1e-10;
/** Singular values below this share of the largest do not shorten the steps of their direction any further. */
const smallestScale = 1e-8;

interface Evaluated extends Place {
  loss: number;
  square: number;
}

/**
 * Lowers the Huber loss h(X − L) = min_E ½‖X − L − E‖² + λ‖E‖₁ over L = B V of rank r by L-BFGS.
 *
 * GoDec's iteration keeps Lr + E = X, so Lr = L + C and R = X − L with C = clip(R, ±λ): one of its steps is L ← the best
 * rank r part of L + C, a gradient step of length 1 on this loss (∂h/∂L = −C). Both stop moving where C Vᵀ = 0 and
 * Bᵀ C = 0. Since |C| ≤ λ, a step moves no value by more than about λ; with λ below the noise, GoDec needs thousands of
 * them. Learning the curvature from the last steps gets there in tens, with one look at X per step, and nothing of
 * the size of X is kept: L, Lr and E follow from B and V.
 *
 * @throws EigenscopeError `cancelled`
 * @see Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.5
 */
export async function minimizeHuber(
  loss: HuberLoss,
  start: LowRank,
  { maxIter, remainder, objectiveTol, phase }: MinimizeOptions,
  job: Job,
): Promise<Minimum> {
  const { control } = job;
  const problem = createProblem(loss, start);
  const { length } = problem;
  const curvature = createCurvature(length);
  let now = createPlace(length);
  let next = createPlace(length);
  problem.writeStart(now.point);
  await problem.evaluate(now);
  const direction = new Float64Array(length);
  const history = [now.loss];
  control.objective(0, now.loss);
  let iterations = 0;
  let converged = Math.sqrt(now.square) < remainder;
  while (!converged && iterations < maxIter && !control.shouldKeep()) {
    control.check();
    // without a lower value even along the slope itself this is the minimum to rounding
    if (!(await findStep())) {
      converged = true;
      break;
    }
    curvature.add(now, next);
    [now, next] = [next, now];
    iterations++;
    history.push(now.loss);
    control.objective(iterations, now.loss);
    control.progress(phase, iterations, maxIter);
    const before = history[iterations - windowLength];
    converged =
      Math.sqrt(now.square) < remainder ||
      (before !== undefined && before - now.loss <= objectiveTol * windowLength * now.loss);
  }
  return { low: problem.toLowRank(now.point), iterations, converged };

  /** Writes a place of sufficiently lower loss to `next`, along the learned direction or else along the slope. */
  async function findStep(): Promise<boolean> {
    for (;;) {
      curvature.apply(now.gradient, direction);
      const slope = -dot(direction, now.gradient);
      let size = 1;
      while (slope < 0 && size > smallestStep) {
        for (let i = 0; i < length; i++) next.point[i] = now.point[i]! - size * direction[i]!;
        await problem.evaluate(next);
        if (next.loss < now.loss && next.loss <= now.loss + sufficient * size * slope) return true;
        control.check();
        size = shorter(size, now.loss, next.loss, slope);
      }
      if (curvature.isEmpty()) return false;
      curvature.clear();
    }
  }
}

/** Where the parabola through both values and the slope is lowest, between a tenth and a half of the step. */
function shorter(size: number, loss: number, tried: number, slope: number): number {
  const lowest = (-slope * size * size) / (2 * (tried - loss - slope * size));
  return Math.min(0.5 * size, Math.max(0.1 * size, lowest > 0 ? lowest : 0));
}

const createPlace = (length: number): Evaluated => ({
  point: new Float64Array(length),
  gradient: new Float64Array(length),
  loss: 0,
  square: 0,
});

/** A point is (B [rows × r], Z [r × padded cols]) with V = Z / s: then the problem is about equally stiff in all directions. */
function createProblem(loss: HuberLoss, start: LowRank) {
  const { rows, cols, r } = loss;
  const split = rows * r;
  const v = paddedRows(start.v);
  const width = v.length / r;
  const least = smallestScale * (start.s[0] ?? 0);
  const scale = start.s.map((s) => Math.max(s, least) || 1);
  const readV = (point: Float64Array): void => {
    for (let i = 0; i < v.length; i++) v[i] = point[split + i]! / scale[Math.floor(i / width)]!;
  };
  return {
    length: split + v.length,
    writeStart(point: Float64Array): void {
      point.set(scaledLeft(start).data);
      for (let i = 0; i < v.length; i++) point[split + i] = v[i]! * scale[Math.floor(i / width)]!;
    },
    /** Fills in loss, ‖C‖² and gradient of a place. */
    async evaluate(place: Evaluated): Promise<void> {
      readV(place.point);
      const { cg, wc, ...found } = await loss.look({ b: place.point.subarray(0, split), v });
      const { gradient } = place;
      for (let i = 0; i < split; i++) gradient[i] = -cg[i]!;
      for (let i = 0; i < v.length; i++) gradient[split + i] = -wc[i]! / scale[Math.floor(i / width)]!;
      place.loss = found.loss;
      place.square = found.square;
    },
    toLowRank(point: Float64Array): LowRank {
      readV(point);
      return singularForm({ rows, cols: r, data: point.slice(0, split) }, fromPaddedRows(v, cols, r));
    },
  };
}
