import { EigenscopeError } from '../../../model/errors.ts';
import { denseSvd } from './dense-svd.ts';
import { gramSvd } from './gram-svd.ts';
import { orderColumns } from './order-columns.ts';
import { randomizedSvd } from './randomized-svd.ts';
import { maySplit, singlePrecisionSvd } from './single-precision.ts';
import type { SolveTask, TallSvd } from './tall-svd.ts';

export type Solver = 'auto' | 'full' | 'randomized' | 'arpack' | 'gram';

/** Up to this many rows and columns a direct SVD of the whole matrix is quick. */
export const denseLimit = 500;
/** Up to this many columns the Gram matrix is the fastest way to exact answers. */
export const gramLimit = 4096;
/** An eigenproblem of this size needs 8 GiB and hours. */
const largestGram = 16384;

export type Method = 'dense' | 'gram' | 'accurate-gram' | 'randomized';

/**
 * The method that a choice of solver means for a matrix of rows × cols, rows ≥ cols.
 * `auto` takes the exact way wherever it is not slower: direct for small matrices, through the Gram matrix up to 4096
 * columns, randomized beyond when less than 0.8 of the components are wanted.
 */
export function chooseMethod(solver: Solver, rows: number, cols: number, k: number): Method {
  if (solver === 'randomized') return 'randomized';
  if (solver === 'gram') return 'gram';
  if (rows <= denseLimit) return 'dense';
  if (solver === 'auto' && cols > gramLimit && k < 0.8 * cols) return 'randomized';
  return 'accurate-gram';
}

/**
 * The method, before anything large is allocated.
 * @throws EigenscopeError `out-of-memory` when the method would need too large a matrix
 */
export function requireMethod(solver: Solver, rows: number, cols: number, k: number): Method {
  const method = chooseMethod(solver, rows, cols, k);
  if (method !== 'randomized' && cols > largestGram) {
    throw new EigenscopeError(
      'out-of-memory',
      `An exact decomposition of ${rows} × ${cols} values needs a matrix of ${cols} × ${cols}, which is too large. ` +
        'Choose the randomized solver with a number of components, or bin the data.',
      { cols, largest: largestGram },
    );
  }
  return method;
}

/** Finds the first k singular triplets of a view with rows ≥ cols, singular values descending. */
export async function solveTall(task: SolveTask, method: Method, mayUseSingle = false): Promise<TallSvd> {
  const found =
    method === 'dense'
      ? denseSvd(task)
      : method === 'randomized'
        ? await randomizedSvd(task)
        : (mayUseSingle && maySplit(task.view) && (await singlePrecisionSvd(task))) ||
          (await gramSvd(task, method === 'accurate-gram'));
  return orderColumns(task.target, found);
}
