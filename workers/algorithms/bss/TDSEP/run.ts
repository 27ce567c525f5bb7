import type { Run } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { identity } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { applyRotation, bestRotation, offDiagonal, unmixingOf } from '../pipeline/joint-diagonalization.ts';
import { limitNote } from '../pipeline/runs.ts';
import { whitenAgain } from '../pipeline/second-whitening.ts';
import { separate } from '../pipeline/separate.ts';
import { delayedCovariances, lagsOf } from './delayed.ts';
import type { tdsep } from './spec.ts';

/**
 * TDSEP, see help.md. The angle of a rotation is the one that makes the pair's off-diagonal entries smallest, in closed
 * form; the other entries keep their sum of squares, so that it also minimises the whole objective along the rotation.
 */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof tdsep.params>;
  return separate(input, values, job, (white) => {
    const { y, whitening } = whitenAgain(white);
    const k = y.cols;
    const lags = lagsOf(values.lags, y.rows);
    const problem = { k, matrices: delayedCovariances(y, lags), v: identity(k) };
    const random = createRandom(job.seed);
    const pairs: [number, number][] = [];
    for (let p = 0; p < k - 1; p++) for (let q = p + 1; q < k; q++) pairs.push([p, q]);
    const scale = 2 / Math.max(1, k * (k - 1));
    let current = scale * offDiagonal(problem);
    let [sweeps, converged, isKept] = [0, false, false];
    job.control.objective(0, current);
    while (!converged && !isKept && sweeps < values.max_iter) {
      job.control.check();
      let largest = 0;
      for (const at of random.permutation(pairs.length)) {
        const [p, q] = pairs[at]!;
        const before = current;
        const rotation = bestRotation(problem, p, q);
        if (rotation.angle === 0) continue;
        applyRotation(problem, p, q, rotation);
        current = scale * offDiagonal(problem);
        if (before > 0) largest = Math.max(largest, (before - current) / before);
      }
      sweeps++;
      // What is left of one matrix is rounding: its relative change means nothing.
      converged = largest < values.limit || current <= Number.EPSILON ** 2 * lags.length;
      job.control.objective(sweeps, current);
      job.control.progress(0, sweeps, values.max_iter);
      isKept = !converged && job.control.shouldKeep();
    }
    const first = problem.matrices;
    const order = Array.from({ length: k }, (_, i) => i).sort((a, b) => first[b * k + b]! - first[a * k + a]! || a - b);
    return {
      unmixing: multiply(unmixingOf(problem, order), whitening),
      iterations: sweeps,
      converged,
      scalars: { objective: current },
      notes: converged ? [] : isKept ? [`Stopped after ${sweeps} sweeps as asked.`] : [limitNote(sweeps)],
    };
  });
};
