import { itemSize } from '../../../model/dtype.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { Job } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { AtomSpace } from './atoms.ts';
import { createGramSpace } from './gram-space.ts';
import { holdsGram } from './estimate.ts';
import { createStreamedSpace } from './streamed-space.ts';

/** The data as dictionary learning sees them, held as their shape suggests. `free` it when done. */
export function createSpace(
  view: MatrixView,
  k: number,
  job: Job,
  phases: { gather: number; solve: number; write: number },
): Promise<AtomSpace> {
  const { rows, cols } = viewShape(view);
  const { samples, features, dtype } = view.source;
  return holdsGram(rows, cols, samples * features * itemSize(dtype))
    ? createGramSpace(view, k, job, phases)
    : createStreamedSpace(view, k, job, phases);
}
