export type Preprocessing = 'norm' | 'standard' | 'minmax';

/**
 * Scales rows in place, as a clustering does: `norm` divides each row by its Euclidean length (an empty row stays);
 * `standard` gives each column mean 0 and population deviation 1 (a constant column becomes 0); `minmax` moves each
 * column to 0 … 1 (a constant column becomes 0).
 * @param x [rows × p], row-major, finite
 */
export function preprocessRows(x: Float64Array, rows: number, p: number, how: Preprocessing | null): void {
  if (how === 'norm') normalizeRows(x, rows, p);
  else if (how === 'standard') {
    const mean = columnMeans(x, rows, p);
    const squares = new Float64Array(p);
    eachValue(rows, p, (at, j) => (squares[j]! += (x[at]! - mean[j]!) ** 2));
    const scale = squares.map((sum, j) => scaleOf(Math.sqrt(sum / rows), mean[j]!));
    eachValue(rows, p, (at, j) => (x[at] = (x[at]! - mean[j]!) / scale[j]!));
  } else if (how === 'minmax') {
    const least = new Float64Array(p).fill(Infinity);
    const most = new Float64Array(p).fill(-Infinity);
    eachValue(rows, p, (at, j) => {
      if (x[at]! < least[j]!) least[j] = x[at]!;
      if (x[at]! > most[j]!) most[j] = x[at]!;
    });
    const scale = most.map((value, j) => (value > least[j]! ? value - least[j]! : 1));
    eachValue(rows, p, (at, j) => (x[at] = (x[at]! - least[j]!) / scale[j]!));
  }
}

/** A deviation that is rounding of the mean is no deviation. */
const scaleOf = (deviation: number, mean: number): number => (deviation > 2 ** -50 * Math.abs(mean) ? deviation : 1);

function normalizeRows(x: Float64Array, rows: number, p: number): void {
  for (let i = 0; i < rows; i++) {
    let largest = 0;
    for (let at = i * p; at < (i + 1) * p; at++) largest = Math.max(largest, Math.abs(x[at]!));
    if (largest === 0) continue;
    let sum = 0;
    for (let at = i * p; at < (i + 1) * p; at++) sum += (x[at]! / largest) ** 2;
    const length = largest * Math.sqrt(sum);
    for (let at = i * p; at < (i + 1) * p; at++) x[at]! /= length;
  }
}

/** Mean of every column of the first `rows` rows. */
export function columnMeans(x: Float64Array, rows: number, p: number): Float64Array {
  const mean = new Float64Array(p);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < p; j++, at++) mean[j]! += x[at]!;
  return mean.map((sum) => sum / rows);
}

/** Subtracts the mean of every column in place; returns it. */
export function centreColumns(x: Float64Array, rows: number, p: number): Float64Array {
  const mean = columnMeans(x, rows, p);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < p; j++, at++) x[at]! -= mean[j]!;
  return mean;
}

function eachValue(rows: number, p: number, use: (at: number, column: number) => void): void {
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < p; j++, at++) use(at, j);
}
