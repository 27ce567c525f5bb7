import type { Job } from '../../../job.ts';
import { eigenvalues, eigh } from '../../../linalg/eigh.ts';
import { createMatrix, type Matrix } from '../../../linalg/matrix.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { gramPass } from '../../../passes/gram.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import { foldsOf } from './cross-validation.ts';

/** Singular values of a matrix A put upright: rows ≥ cols. */
export interface Spectrum {
  rows: number;
  cols: number;
  /** the rows of A are channels, not pixels */
  wide: boolean;
  /** G = AᵀA [cols × cols] */
  gram: Matrix;
  /** G of the rows of each fold, where folds were asked for; their sum is G */
  folds: Matrix[];
  /** s², descending; what is below rounding is 0 */
  squares: Float64Array;
  /** ‖A‖² */
  energy: number;
}

/** An eigenproblem of this size takes minutes and half a GiB. */
const largestSide = 8192;
/** Eigenvalues of the Gram matrix below this share of the largest are rounding. */
const rounding = 1e-13;

/**
 * All singular values by AᵀA of the smaller side, one look at the data.
 * @param folds rows are divided at random into this many parts whose products are kept; 1 for none
 * @throws EigenscopeError `out-of-memory` when the smaller side is above 8192
 */
export async function findSpectrum(
  view: MatrixView,
  folds: number,
  job: Job,
  phases: { gather: number; solve: number },
): Promise<Spectrum> {
  const shape = viewShape(view);
  const wide = shape.rows < shape.cols;
  const upright = wide ? { ...view, transpose: !view.transpose } : view;
  const { rows, cols } = viewShape(upright);
  if (cols > largestSide) {
    throw new EigenscopeError(
      'out-of-memory',
      `All singular values of ${shape.rows} × ${shape.cols} values need a matrix of ${cols} × ${cols}, which is too large ` +
        `(the most is ${largestSide}). Bin the channels or the pixels first.`,
      { cols, largest: largestSide },
    );
  }
  const count = Math.min(folds, rows);
  const parts = count > 1 ? foldsOf(rows, count, job.seed, 'rows') : null;
  const grams: Matrix[] = [];
  for (const part of parts ? parts.map((rows) => partOfRows(upright, rows, job)) : [upright]) {
    grams.push(createMatrix(cols, cols, await job.run(gramPass, part, null, phases.gather)));
  }
  const gram = grams.length === 1 ? grams[0]! : sumOf(grams);
  job.control.progress(phases.solve, 0, 1);
  const values = eigenvalues(gram, () => job.control.check());
  const least = rounding * Math.max(0, values[0] ?? 0);
  let energy = 0;
  for (let j = 0; j < cols; j++) energy += gram.data[j * cols + j]!;
  return {
    rows,
    cols,
    wide,
    gram,
    folds: parts ? grams : [],
    squares: values.map((value) => (value > least ? value : 0)),
    energy,
  };
}

/** The first eigenpairs of G, for at most `count` components. */
export function leadingPairs({ gram, cols }: Spectrum, count: number, check: () => void) {
  const { values, vectors } = eigh(gram, { k: Math.min(count, cols), check });
  return { values: values.map((value) => Math.max(0, value)), vectors };
}

/** The view with only these rows of A (of its columns where it is transposed). */
export function partOfRows(view: MatrixView, rows: Int32Array, job: Pick<Job, 'allocate'>): MatrixView {
  const indices = (all: Int32Array | undefined): Int32Array<SharedArrayBuffer> =>
    shareIndices(all ? rows.map((row) => all[row]!) : rows);
  const values = (all: Float64Array): Float64Array<SharedArrayBuffer> =>
    shareFloats(
      job,
      Array.from(rows, (row) => all[row]!),
    );
  return view.transpose
    ? {
        ...view,
        columns: indices(view.columns),
        ...(view.columnMean ? { columnMean: values(view.columnMean) } : {}),
        ...(view.columnScale ? { columnScale: values(view.columnScale) } : {}),
      }
    : {
        ...view,
        rows: indices(view.rows),
        ...(view.rowMean ? { rowMean: values(view.rowMean) } : {}),
        ...(view.rowScale ? { rowScale: values(view.rowScale) } : {}),
      };
}

function sumOf(matrices: readonly Matrix[]): Matrix {
  const [first] = matrices;
  const sum = createMatrix(first!.rows, first!.cols);
  for (const { data } of matrices) for (let i = 0; i < data.length; i++) sum.data[i]! += data[i]!;
  return sum;
}
