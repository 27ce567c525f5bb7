import type { Run } from '../../../job.ts';
import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, identity } from '../../../linalg/matrix.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { whitenAgain } from '../pipeline/second-whitening.ts';
import { separate } from '../pipeline/separate.ts';
import { cumulantAngle } from './cumulant-angle.ts';
import type { cubica } from './spec.ts';

/** CuBICA, see help.md. Deterministic: the sweeps start from the given axes. */
export const run: Run = (input, given, job) => {
  const values = given as ValuesOf<typeof cubica.params>;
  return separate(input, values, job, (white) => {
    const { y, whitening } = whitenAgain(white);
    const { rows, cols: k } = y;
    const columns = Array.from({ length: k }, (_, c) =>
      Float64Array.from({ length: rows }, (_, t) => y.data[t * k + c]!),
    );
    const filter = identity(k);
    const filterRows = Array.from({ length: k }, (_, c) => filter.data.subarray(c * k, (c + 1) * k));
    const most = values.max_iter ?? 1 + Math.round(Math.sqrt(k));
    let [sweeps, largest, converged, isKept] = [0, 0, false, false];
    while (sweeps < most && !converged && !isKept) {
      largest = 0;
      for (let i = 0; i < k - 1; i++) {
        for (let j = i + 1; j < k; j++) {
          job.control.check();
          const angle = cumulantAngle(columns[i]!, columns[j]!);
          largest = Math.max(largest, Math.abs(angle));
          turn(columns[i]!, columns[j]!, angle);
          turn(filterRows[i]!, filterRows[j]!, angle);
        }
      }
      sweeps++;
      converged = largest <= values.limit;
      job.control.objective(sweeps, largest);
      job.control.progress(0, sweeps, most);
      isKept = !converged && job.control.shouldKeep();
    }
    return {
      unmixing: multiply(createMatrix(k, k, filter.data), whitening),
      iterations: sweeps,
      converged,
      scalars: {},
      notes: converged ? [] : isKept ? [`Stopped after ${sweeps} sweeps as asked.`] : [sweepsNote(sweeps, largest)],
    };
  });
};

const sweepsNote = (sweeps: number, angle: number): string =>
  `After ${sweeps} sweeps a pair of sources was still turned by ${angle.toPrecision(2)} rad. Give a larger max_iter where that matters.`;

/** a' = cos φ a − sin φ b, b' = sin φ a + cos φ b */
function turn(a: Float64Array, b: Float64Array, angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let t = 0; t < a.length; t++) {
    const [x, y] = [a[t]!, b[t]!];
    a[t] = cos * x - sin * y;
    b[t] = sin * x + cos * y;
  }
}
