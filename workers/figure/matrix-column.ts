import { EigenscopeError } from '../model/errors.ts';

/** Column `k` of a rows × columns matrix in C order, as float64. */
export function matrixColumn(matrix: ArrayLike<number>, rows: number, columns: number, k: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = matrix[i * columns + k] as number;
  return out;
}

/** Throws `shape-mismatch` unless the matrix has rows × columns values; `what` names it in the sentence. */
export function checkMatrix(what: string, matrix: ArrayLike<number>, rows: number, columns: number): void {
  if (columns >= 1 && rows >= 1 && matrix.length === rows * columns) return;
  throw new EigenscopeError(
    'shape-mismatch',
    `The ${what} hold ${matrix.length} values, but the axes and the number of components ask for ` +
      `${rows} × ${columns} = ${rows * columns}. Check that the axes are those of the result.`,
    { values: matrix.length, rows, columns },
  );
}
