import type { Job } from '../../../job.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { createCodeSolver, type CodeProblem, type CodeSolver } from './code-solver.ts';
import { onlineCodesPass } from './codes-pass.ts';
import { batchEnds, streamSamples } from './samples.ts';
import { placeSparse, type SparseOutput } from './sparse-output.ts';
import { createSubspaceMemory, type SubspaceMemory } from './subspace-memory.ts';

/** How the subspace follows the samples: one per method. */
export interface SubspaceUpdate {
  /** Takes the sample that the solver has just coded. */
  add(): void;
  /** Moves the subspace at the end of a batch, the t-th from 0 on. */
  move(t: number): void;
}

export type CreateUpdate = (solver: CodeSolver, memory: SubspaceMemory, check: () => void) => SubspaceUpdate;

export interface LearnRequest {
  /** one sample per row */
  samples: MatrixView;
  /** D to start from, entries × k */
  start: Matrix;
  problem: CodeProblem;
  createUpdate: CreateUpdate;
  batchSize: number | null;
  /** the largest entry of a batch bounds its sparse part while learning */
  bounded: boolean;
  /** code all samples anew with the last subspace */
  project: boolean;
  sparse: SparseOutput | null;
}

/** Indices into the algorithm's list of phases. */
export interface LearnPhases {
  learn: number;
  code: number;
}

export interface Learned {
  /** D, entries × k */
  subspace: Matrix;
  /** samples × k */
  codes: Matrix;
  /** samples that moved the subspace */
  seen: number;
  samples: number;
  /** mean loss of a sample */
  objective: number;
  /** share of all values that have a sparse part */
  outlierShare: number;
}

/** The published rule: stop when code and sparse part change by less than this per entry. */
const tolerance = 1e-5;

/**
 * Learns a subspace from a stream of samples, seen once and in order, and the code of each: the code is found for the
 * subspace so far, then the subspace moves. Memory does not grow with the number of samples but for their codes, and
 * the data are read block by block from wherever they are. The stream runs in this thread, each sample needs the one
 * before; codes for the last subspace (`project`, or what a stopped stream has not reached) are found by all threads.
 *
 * @throws EigenscopeError `cancelled`
 */
export async function learnOnline(request: LearnRequest, job: Job, phases: LearnPhases): Promise<Learned> {
  const { samples, start, problem, project, sparse } = request;
  const { rows: count, cols: entries } = viewShape(samples);
  const k = start.cols;
  const codes = job.allocate(count * k);
  const learned = learnStream(request, codes, project ? null : sparse, job, phases.learn);
  let { loss, outliers } = learned;
  const { subspace, seen } = learned;
  if (project || seen < count) {
    const from = project ? 0 : seen;
    const shared = {
      subspace: shareFloats(job, subspace.data),
      k,
      // nothing moves any more: gradient steps that stop early have no advantage
      problem: problem.published === 'gradient' ? { ...problem, published: null } : problem,
      tolerance,
      from,
      codes,
      ...(sparse ? { sparse } : {}),
    };
    const state = await job.run(onlineCodesPass, samples, shared, phases.code);
    loss = state.loss + (project ? 0 : loss);
    outliers = state.outliers + (project ? 0 : outliers);
  }
  return {
    subspace,
    codes: createMatrix(count, k, codes),
    seen,
    samples: count,
    objective: loss / count,
    outlierShare: outliers / (count * entries),
  };
}

interface StreamState {
  subspace: Matrix;
  seen: number;
  loss: number;
  outliers: number;
}

function learnStream(
  request: LearnRequest,
  codes: Float64Array,
  sparse: SparseOutput | null,
  job: Job,
  phase: number,
): StreamState {
  const { samples, start, problem, createUpdate, batchSize, bounded } = request;
  const { control } = job;
  const { rows: count, cols: entries } = viewShape(samples);
  const ends = batchEnds(count, batchSize);
  const k = start.cols;
  const memory = createSubspaceMemory(entries, k);
  const solver = createCodeSolver(entries, k, problem);
  try {
    solver.subspace = memory.allocate();
    memory.store(solver.subspace, start);
    const update = createUpdate(solver, memory, () => control.check());
    const state: Omit<StreamState, 'subspace'> = { seen: 0, loss: 0, outliers: 0 };
    const code = (sample: number, values: Float64Array, at: number, top: number, batch: number): void => {
      // samples of a batch settle together: no change of all of them is larger than that of one times √batch
      if (batch > 1) solver.reset();
      state.loss += solver.solve(values, at, top, tolerance / Math.sqrt(batch));
      state.outliers += solver.outliers;
      codes.set(solver.code, sample * k);
      if (sparse) placeSparse(sparse, sample, solver.readSparse());
      update.add();
      state.seen = sample + 1;
    };
    const finish = (batch: number): boolean => {
      update.move(batch);
      control.check();
      control.progress(phase, state.seen, count);
      control.objective(state.seen, state.loss / state.seen);
      return !control.shouldKeep();
    };
    learnBatches(samples, ends, bounded, code, finish);
    return { ...state, subspace: memory.fetch(solver.subspace) };
  } finally {
    solver.free();
    memory.free();
  }
}

/** Calls `code` for every sample with the bound of its batch, and `finish` after every batch until that says no. */
function learnBatches(
  samples: MatrixView,
  ends: Int32Array,
  bounded: boolean,
  code: (sample: number, values: Float64Array, at: number, top: number, batch: number) => void,
  finish: (batch: number) => boolean,
): void {
  const { cols } = viewShape(samples);
  let batch = 0;
  let from = 0;
  // only a bound that later samples of the batch may raise makes it necessary to hold the batch
  let held = new Float64Array(0);
  let top = -Infinity;
  streamSamples(samples, (sample, values, at) => {
    const size = ends[batch]! - from;
    if (bounded) top = Math.max(top, largest(values, at, cols));
    const last = sample + 1 === ends[batch];
    if (!bounded || size === 1) code(sample, values, at, bounded ? Math.max(0, top) : Infinity, size);
    else {
      if (held.length < size * cols) held = new Float64Array(size * cols);
      held.set(values.subarray(at, at + cols), (sample - from) * cols);
      if (last) for (let i = 0; i < size; i++) code(from + i, held, i * cols, Math.max(0, top), size);
    }
    if (!last) return true;
    top = -Infinity;
    from = sample + 1;
    return finish(batch++);
  });
}

function largest(values: Float64Array, at: number, count: number): number {
  let top = -Infinity;
  for (let i = at; i < at + count; i++) if (values[i]! > top) top = values[i]!;
  return top;
}
