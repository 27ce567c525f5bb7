import type { Run } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { identity } from '../../../linalg/matrix.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { applyRotation, bestRotation, offDiagonal, unmixingOf } from '../pipeline/joint-diagonalization.ts';
import { whitenAgain } from '../pipeline/second-whitening.ts';
import { separate } from '../pipeline/separate.ts';
import { cumulantMatrices } from './cumulants.ts';
import type { jade } from './spec.ts';

/** JADE, see help.md. Deterministic: the sweeps start from the given axes. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof jade.params>;
  return separate(input, values, job, (white) => {
    const { y, whitening } = whitenAgain(white);
    const k = y.cols;
    const matrices = cumulantMatrices(y, values.cumulants, () => job.control.check());
    const problem = { k, matrices, v: identity(k) };
    const least = values.limit ** 2 / Math.sqrt(y.rows);
    let [sweeps, rotations, converged, isKept] = [0, 0, false, false];
    job.control.objective(0, offDiagonal(problem));
    while (!converged && !isKept) {
      job.control.check();
      let turned = 0;
      for (let p = 0; p < k - 1; p++) {
        for (let q = p + 1; q < k; q++) {
          const rotation = bestRotation(problem, p, q);
          if (!(Math.abs(rotation.angle) > least)) continue;
          applyRotation(problem, p, q, rotation);
          turned++;
        }
      }
      sweeps++;
      rotations += turned;
      converged = turned === 0;
      job.control.objective(sweeps, offDiagonal(problem));
      job.control.progress(0, Math.min(rotations, values.max_it), values.max_it);
      isKept = job.control.shouldKeep();
      if (!converged && !isKept && rotations > values.max_it) throw tooMany(values.max_it, rotations);
    }
    return {
      unmixing: multiply(unmixingOf(problem), whitening),
      iterations: sweeps,
      converged,
      scalars: { objective: offDiagonal(problem), rotations },
      notes: converged ? [] : [`Stopped after ${sweeps} sweeps as asked; the sources may still change.`],
    };
  });
};

const tooMany = (most: number, rotations: number): EigenscopeError =>
  new EigenscopeError(
    'did-not-converge',
    `JADE still turned the components after ${rotations} rotations; max_it allows ${most}. Raise max_it or limit, or ` +
      'separate fewer components.',
    { rotations, max_it: most },
  );
