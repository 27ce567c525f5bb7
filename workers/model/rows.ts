import type { DType } from './dtype.ts';

/**
 * X [samples × features] of a dataset, as a description that any thread can open: C order, navigation axes first.
 * `shared`: all of it in shared memory in the file's dtype. `raw`: contiguous little- or big-endian rows in a file.
 */
export type RowSource =
  | { kind: 'shared'; buffer: SharedArrayBuffer; dtype: DType; samples: number; features: number }
  | {
      kind: 'raw';
      path: string;
      offset: number;
      littleEndian: boolean;
      dtype: DType;
      samples: number;
      features: number;
    };

/**
 * The matrix an algorithm sees, in order of application:
 * keep rows and columns, subtract means, divide by scales, transpose.
 * A = [ (X[rows, columns] − rowMean − columnMean) / (rowScale · columnScale) ], transposed when asked.
 * A scale of 0 gives 0 (Poisson normalisation: 0/0 = 0). Indices and vectors live in shared memory.
 */
export interface MatrixView {
  source: RowSource;
  /** kept rows of X in order, or all */
  rows?: Int32Array;
  columns?: Int32Array;
  /** one value per kept row / kept column */
  rowMean?: Float64Array;
  columnMean?: Float64Array;
  rowScale?: Float64Array;
  columnScale?: Float64Array;
  transpose?: boolean;
}
