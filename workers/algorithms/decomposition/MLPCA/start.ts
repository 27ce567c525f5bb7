import type { Job } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import { denseLimit, requireMethod, solveTall, type Method, type Solver } from '../SVD/solve.ts';
import { fillPass } from './fill-pass.ts';
import { sourceOf } from './resident.ts';
import type { VarianceModel } from './variance.ts';

export interface Start {
  /** U [samples × p], the directions of the kept pixels to begin with; any basis */
  loadings: Float64Array<SharedArrayBuffer>;
  method: Method;
}

/** As HyperSpy chooses: exact for small matrices, else randomized where few are wanted. A start need not be exact. */
const chooseSolver = (solver: Solver, long: number, short: number, p: number): Solver =>
  solver === 'auto' && long > denseLimit && p < 0.8 * short ? 'randomized' : solver;

/** Singular values below this share of the largest have no direction. */
const directionless = 1e-10;

/**
 * The first p left singular vectors of the data with the mean of each spectrum subtracted, as HyperSpy starts.
 * HyperSpy takes them from the covariance of the pixels, a matrix of N × N; the singular vectors are the same and
 * cost no such matrix. Missing values take the mean of the other values of their pixel: they start at 0 here.
 * @param view kept pixels × kept channels, not transposed
 * @param rowMeans mean of every kept pixel; null when values are missing
 */
export async function findStart(
  view: MatrixView,
  rowMeans: Float64Array | null,
  p: number,
  solver: Solver,
  job: Job,
  phases: { gather: number; solve: number; write: number },
): Promise<Start> {
  const { rows, cols } = viewShape(view);
  const centred = rowMeans
    ? { ...view, rowMean: shareFloats(job, rowMeans) }
    : await filledView(view, rows, cols, job, phases.gather);
  const wide = rows < cols;
  const long = wide ? cols : rows;
  const short = wide ? rows : cols;
  const target = { out: job.allocate(long * p), rowCount: long, k: p };
  const method = requireMethod(chooseSolver(solver, long, short, p), long, short, p);
  const tall = wide ? { ...centred, transpose: true } : centred;
  const svd = await solveTall({ view: tall, k: p, target, job, phases }, method);
  const loadings = wide ? shareFloats(job, svd.right.data) : target.out;
  if (!wide) completeDirections(loadings, svd.singularValues, job.seed);
  return { loadings, method };
}

/** U S to U up to signs; columns without a direction get random ones: spectra of equal means have at most M − 1. */
function completeDirections(us: Float64Array, s: Float64Array, seed: number): void {
  const p = s.length;
  const random = createRandom(seed);
  const least = directionless * (s[0] ?? 0);
  for (let at = 0; at < us.length; at += p) {
    for (let j = 0; j < p; j++) us[at + j] = s[j]! > least ? us[at + j]! / s[j]! : random.gaussian();
  }
}

/** A copy of the data with every pixel's mean subtracted and 0 where values are missing. */
async function filledView(view: MatrixView, rows: number, cols: number, job: Job, phase: number): Promise<MatrixView> {
  const out = job.allocateRows('mlpca-start', rows * cols);
  await job.run(fillPass, view, { out }, phase);
  return { source: sourceOf(out, 'float64', rows, cols) };
}

/** Turns a view with its variances, so that A has at least as many rows as columns. */
export function turned(view: MatrixView, variance: VarianceModel): { view: MatrixView; variance: VarianceModel } {
  return {
    view: { ...view, transpose: true },
    variance: variance.kind === 'array' ? { ...variance, view: { ...variance.view, transpose: true } } : variance,
  };
}
