import { EigenscopeError } from '../model/errors.ts';

/** rows × cols values, float64, row-major without gaps: element (i, j) is data[i · cols + j]. */
export interface Matrix {
  rows: number;
  cols: number;
  data: Float64Array;
}

/** @throws EigenscopeError `shape-mismatch` when `data` does not hold rows · cols values. */
export function createMatrix(rows: number, cols: number, data: Float64Array = new Float64Array(rows * cols)): Matrix {
  if (data.length !== rows * cols) {
    throw new EigenscopeError(
      'shape-mismatch',
      `A ${rows} × ${cols} matrix needs ${rows * cols} values; got ${data.length}.`,
      {
        rows,
        cols,
        found: data.length,
      },
    );
  }
  return { rows, cols, data };
}

export function fromRows(rows: readonly (readonly number[])[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  return createMatrix(rows.length, cols, Float64Array.from(rows.flat()));
}

export function identity(n: number): Matrix {
  const a = createMatrix(n, n);
  for (let i = 0; i < n; i++) a.data[i * n + i] = 1;
  return a;
}

export const copyMatrix = (a: Matrix): Matrix => ({ rows: a.rows, cols: a.cols, data: new Float64Array(a.data) });

/** cols × rows; goes in squares so that both sides stay in cache. */
export function transpose(a: Matrix): Matrix {
  const { rows, cols, data } = a;
  const t = createMatrix(cols, rows);
  const side = 32;
  for (let i0 = 0; i0 < rows; i0 += side) {
    const i1 = Math.min(i0 + side, rows);
    for (let j0 = 0; j0 < cols; j0 += side) {
      const j1 = Math.min(j0 + side, cols);
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) t.data[j * rows + i] = data[i * cols + j]!;
    }
  }
  return t;
}

/** The first `count` columns, or those from `start` on. */
export function columns(a: Matrix, count: number, start = 0): Matrix {
  const c = createMatrix(a.rows, count);
  for (let i = 0; i < a.rows; i++) {
    c.data.set(a.data.subarray(i * a.cols + start, i * a.cols + start + count), i * count);
  }
  return c;
}

/** Largest absolute value; NaN when there is one. */
export function maxAbs(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const v = Math.abs(values[i]!);
    if (!(v <= largest)) {
      if (v !== v) return NaN;
      largest = v;
    }
  }
  return largest;
}

/** Euclidean length of every column, safe from overflow and underflow. */
export function columnNorms(a: Matrix): Float64Array {
  const top = maxAbs(a.data);
  const norms = new Float64Array(a.cols);
  if (top === 0) return norms;
  const scale = powerOfTwoNear(top);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) norms[j]! += (a.data[i * a.cols + j]! / scale) ** 2;
  }
  return norms.map((s) => Math.sqrt(s) * scale);
}

/** ‖A‖_F, safe from overflow and underflow. */
export function frobeniusNorm(a: Matrix): number {
  const top = maxAbs(a.data);
  if (top === 0 || !Number.isFinite(top)) return top;
  const scale = powerOfTwoNear(top);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i]! / scale) ** 2;
  return Math.sqrt(sum) * scale;
}

/** Power of two near a positive x: dividing by it loses no digits. */
export function powerOfTwoNear(x: number): number {
  const exponent = Math.max(-1021, Math.min(1022, Math.floor(Math.log2(x))));
  return 2 ** exponent;
}

/**
 * @param what names the array in the message, such as "The Gram matrix"
 * @throws EigenscopeError `not-finite` naming the first NaN or infinity.
 */
export function requireFinite(a: Matrix, what: string): void {
  for (let i = 0; i < a.data.length; i++) {
    const v = a.data[i]!;
    if (v - v !== 0) {
      const [row, col] = [Math.floor(i / a.cols), i % a.cols];
      throw new EigenscopeError(
        'not-finite',
        `${what} must hold finite numbers; row ${row}, column ${col} is ${v}. Mask or replace such values first.`,
        { row, col, value: String(v) },
      );
    }
  }
}
