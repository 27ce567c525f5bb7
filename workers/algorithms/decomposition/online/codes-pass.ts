import type { Pass } from '../../../job.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { createCodeSolver, type CodeProblem } from './code-solver.ts';
import { placeSparse, type SparseOutput } from './sparse-output.ts';
import { createSubspaceMemory } from './subspace-memory.ts';

export interface CodesShared {
  /** D [entries × k], row-major */
  subspace: Float64Array;
  k: number;
  problem: CodeProblem;
  tolerance: number;
  /** samples before this one keep their codes */
  from: number;
  /** [samples × k], written row by row */
  codes: Float64Array;
  sparse?: SparseOutput;
}

export interface CodesState {
  loss: number;
  /** entries with a sparse part */
  outliers: number;
}

/** Codes of all samples for a subspace that no longer changes, each from a cold start, so that no sample waits for another. */
export const onlineCodesPass: Pass<CodesShared, CodesState> = {
  id: 'online-codes',
  stateBytes: (cols, { k }) => Math.min(8 * cols * (k + 5), 2 * 2 ** 20),
  partial(cols, { subspace, k, problem, tolerance, from, codes, sparse }, next) {
    const memory = createSubspaceMemory(cols, k);
    const solver = createCodeSolver(cols, k, problem);
    const state: CodesState = { loss: 0, outliers: 0 };
    try {
      solver.subspace = memory.allocate();
      memory.store(solver.subspace, createMatrix(cols, k, subspace));
      for (let block = next(); block; block = next()) {
        for (let row = 0; row < block.rows; row++) {
          const sample = block.start + row;
          if (sample < from) continue;
          solver.reset();
          state.loss += solver.solve(block.data, row * cols, Infinity, tolerance);
          state.outliers += solver.outliers;
          codes.set(solver.code, sample * k);
          if (sparse) placeSparse(sparse, sample, solver.readSparse());
        }
      }
    } finally {
      solver.free();
      memory.free();
    }
    return state;
  },
  merge: (a, b) => ({ loss: a.loss + b.loss, outliers: a.outliers + b.outliers }),
};
