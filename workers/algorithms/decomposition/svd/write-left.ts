import { projectPass, type Projection } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import type { SolveTask } from './tall-svd.ts';

/** Writes A·Q = P·S to the target in one pass over the view. */
export function writeLeft({ view, target, job, phases }: SolveTask, right: Matrix): Promise<Projection> {
  const shared = {
    v: shareFloats(job, right.data),
    k: right.cols,
    out: target.out,
    stride: target.k,
    column: 0,
    ...(target.rows ? { rows: target.rows } : {}),
    ...(target.scale ? { scale: target.scale } : {}),
  };
  return job.run(projectPass, view, shared, phases.write);
}
