import type { Run } from '../../../job.ts';
import { transpose } from '../../../linalg/matrix.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { limitNote } from '../pipeline/runs.ts';
import { separate } from '../pipeline/separate.ts';
import { rotatePairs, rotateTogether } from './rotations.ts';
import type { orthomax } from './spec.ts';

/** Orthomax rotation, see help.md. Deterministic: it starts from the given axes. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof orthomax.params>;
  const { gamma, tol, max_iter: maxIter } = values;
  return separate(input, values, job, ({ y }) => {
    let isKept = false;
    const rotate = gamma >= 0 && gamma <= 1 ? rotateTogether : rotatePairs;
    const { rotation, iterations, converged } = rotate(y, {
      gamma,
      tol,
      maxIter,
      step(iteration, objective) {
        job.control.check();
        job.control.progress(0, iteration, maxIter);
        job.control.objective(iteration, objective);
        isKept = job.control.shouldKeep();
        return isKept;
      },
    });
    return {
      unmixing: transpose(rotation),
      iterations,
      converged,
      notes: converged ? [] : isKept ? [`Stopped after ${iterations} iterations as asked.`] : [limitNote(iterations)],
    };
  });
};
