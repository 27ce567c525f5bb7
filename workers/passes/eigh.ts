import type { Job, Pass } from '../job.ts';
import { eigh, type Eigen } from '../linalg/eigh.ts';
import { letGo } from '../linalg/let-go.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { shareFloats } from './share.ts';

/** More than half of what states may take together: the rows are not cut into parts. */
const undivided = 2 ** 40;

/** Eigenvalues and vectors of a symmetric matrix, in one part. */
export const eighPass: Pass<{ k: number }, Eigen> = {
  id: 'eigh',
  stateBytes: () => undivided,
  partial(cols, { k }, next) {
    const matrix = createMatrix(cols, cols);
    for (let block = next(); block; block = next()) matrix.data.set(block.data, block.start * cols);
    let isCopied = false;
    // beyond the last row `next` only looks whether the job goes on
    const check = (): void => {
      // eigh works on a copy in kernel memory from its first check on
      if (!isCopied) letGo(matrix.data);
      isCopied = true;
      next();
    };
    return eigh(matrix, { k, check });
  },
  merge: (a) => a,
};

/**
 * The k largest eigenpairs of a symmetric matrix, which is let go unless it is in shared memory. A compute thread does it:
 * its memory serves the next pass again, while the lead's would lie idle until the end.
 * @param spare shared memory that nothing is kept in yet: the matrix goes through it where it is large enough
 */
export function eighInPool(
  { rows, cols, data }: Matrix,
  k: number,
  job: Job,
  phase: number,
  spare?: Float64Array<SharedArrayBuffer>,
): Promise<Eigen> {
  let { buffer } = data;
  if (!(buffer instanceof SharedArrayBuffer)) {
    if (spare && spare.length >= data.length) spare.set(data);
    buffer = spare && spare.length >= data.length ? spare.buffer : shareFloats(job, data).buffer;
    letGo(data);
  }
  const source = { kind: 'shared' as const, buffer, dtype: 'float64' as const, samples: rows, features: cols };
  return job.run(eighPass, { source }, { k }, phase);
}
