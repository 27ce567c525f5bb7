import { multiply } from '../../../linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { joinGram } from '../../../linalg/split-gram.ts';
import type { SplitRule } from '../../../linalg/split-rows.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { DType } from '../../../model/dtype.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { eighInPool, spareOfEigh } from '../../../passes/eigh.ts';
import { shareFloats } from '../../../passes/share.ts';
import { splitGramPass } from '../../../passes/split-gram.ts';
import { splitProjectPass } from '../../../passes/split-project.ts';
import { findStrongDirections } from './strong-directions.ts';
import type { SolveTask, TallSvd } from './tall-svd.ts';
import { moveToShared, projectionShared } from './write-left.ts';

/** Element types that single precision holds without loss. */
const narrowTypes: ReadonlySet<DType> = new Set(['float32', 'float16', 'int16', 'uint16', 'int8', 'uint8', 'bool']);
/** Multiplications of the Gram matrix from which on half a second or so is saved. */
const leastWork = 4e9;
/** Largest share of the smallest wanted singular value that the bounds of rounding may have; it is some 50 times smaller. */
const tolerance = 1e-4;
/** Below this share of the largest singular value double precision itself has to be refined. */
const unresolved = 1e-5;
const roundoff = 2 ** -24;

/** Whether single precision may be tried: data that came in it, and enough of them. */
export function maySplit(view: MatrixView): boolean {
  const { rows, cols } = viewShape(view);
  const { source, transpose } = view;
  // a few columns of a file are spread over all of it
  const isSlowSample = transpose === true && source.kind !== 'shared';
  return narrowTypes.has(source.dtype) && !isSlowSample && rows * cols * cols >= leastWork;
}

/**
 * Singular values and vectors by the Gram matrix, for data that came in single precision, at twice the speed. A is split
 * into A = Y Wᵀ + R: the few strongest directions W stay in double precision, and products with the remainder R are made
 * in single precision, summed in double precision from part to part. Errors are then a share 6e-8 of R, where an SVD in
 * single precision throughout, as LAPACK's, has that share of A.
 *
 * @returns null when that is too much for the smallest wanted singular value: rank-deficient data, or a wide range of
 *   singular values. Then double precision is needed.
 */
export async function singlePrecisionSvd(task: SolveTask): Promise<TallSvd | null> {
  const { view, k, job, phases } = task;
  const { cols } = viewShape(view);
  const rule = findStrongDirections(view, job);
  if (rule === null) return null;
  job.control.check();
  const sums = await job.run(splitGramPass, view, rule, phases.gather);
  const remainder = measure(sums.remainder, cols);
  const gram = joinGram(sums, cols, rule);
  let energy = 0;
  // columns of zeros, such as empty channels, are exact in either precision
  let zeros = 0;
  for (let j = 0; j < cols; j++) {
    const square = gram.data[j * cols + j]!;
    energy += square;
    if (square === 0) zeros++;
  }
  if (!Number.isFinite(energy)) return null;
  const solving = eighInPool(gram, k, job, phases.solve, task.target.out);
  touchPages(task.target.out, spareOfEigh(cols));
  const { values, vectors } = await solving;
  const smallest = values[Math.min(k, cols - zeros) - 1]!;
  if (!isAccurate(smallest, values[0]!, remainder)) return null;
  const right = moveToShared(vectors, job);
  const projection = await job.run(splitProjectPass, view, splitShared(task, right, rule), phases.write);
  return { singularValues: projection.energy.map(Math.sqrt), right, peaks: projection.peak, energy };
}

/** Numbers of a page of memory, and pages that are touched in the time of an eigenproblem. */
const page = 512;
const mostPages = 2 ** 16;

/** Makes the system clear the pages of fresh memory while a thread is free, and not when products are waiting for them. */
function touchPages(fresh: Float64Array, from: number): void {
  const end = Math.min(fresh.length, from + page * mostPages);
  for (let at = from; at < end; at += page) fresh[at] = 0;
}

/** ‖RᵀR‖_F, which is at least the largest eigenvalue, and ‖R‖²_F. */
function measure(upper: Float64Array, cols: number): { norm: number; energy: number } {
  let square = 0;
  let energy = 0;
  for (let i = 0; i < cols; i++) {
    const diagonal = upper[i * cols + i]!;
    energy += diagonal;
    square += diagonal * diagonal;
    for (let j = i + 1; j < cols; j++) square += 2 * upper[i * cols + j]! * upper[i * cols + j]!;
  }
  return { norm: Math.sqrt(square), energy };
}

/**
 * Rounding turns the Gram matrix by about 6e-8 ‖RᵀR‖, which makes components of size s unorthogonal by that over s², and
 * the columns of A V by about 6e-8 ‖R‖_F, that over s.
 */
function isAccurate(smallest: number, largest: number, remainder: { norm: number; energy: number }): boolean {
  return (
    smallest > unresolved * unresolved * largest &&
    roundoff * remainder.norm <= tolerance * smallest &&
    roundoff * Math.sqrt(remainder.energy) <= tolerance * Math.sqrt(smallest)
  );
}

function splitShared(task: SolveTask, right: Matrix, rule: SplitRule) {
  const strong = createMatrix(right.rows, rule.t, Float64Array.from(rule.strong));
  const strongV = shareFloats(task.job, multiply(strong, right, { transposeA: true }).data);
  return { ...projectionShared(task, right), rule, strongV };
}
