import { itemSize } from '../model/dtype.ts';
import type { MatrixView } from '../model/rows.ts';
import { runLength } from './row-runs.ts';

/** Rows [first, last) of float32 data, row-major; valid until the next call, and perhaps the data themselves: read only. */
export type SingleRows = (first: number, last: number) => Float32Array;

/**
 * Whether the rows of a view are float32 numbers in memory to which nothing is done: then a pass may take them without
 * conversion. Left-out rows are no hindrance.
 */
export function isSingle(view: MatrixView): boolean {
  const { source, columns, rowMean, columnMean, rowScale, columnScale, transpose } = view;
  if (columns || rowMean || columnMean || rowScale || columnScale || transpose) return false;
  if (source.kind !== 'shared' || source.dtype !== 'float32') return false;
  return source.buffer.byteLength >= source.samples * source.features * itemSize('float32');
}

/** @returns null for views that are not single */
export function openSingleRows(view: MatrixView): SingleRows | null {
  const { source, rows } = view;
  if (source.kind !== 'shared' || !isSingle(view)) return null;
  const cols = source.features;
  const values = new Float32Array(source.buffer);
  const read = (sample: number, count: number): Float32Array => values.subarray(sample * cols, (sample + count) * cols);
  if (!rows) return (first, last) => read(first, last - first);
  let gathered = new Float32Array(0);
  return (first, last) => {
    const whole = runLength(rows, first, last);
    if (whole === last - first) return read(rows[first]!, whole);
    if (gathered.length < (last - first) * cols) gathered = new Float32Array((last - first) * cols);
    for (let row = first; row < last;) {
      const run = runLength(rows, row, last);
      gathered.set(read(rows[row]!, run), (row - first) * cols);
      row += run;
    }
    return gathered.subarray(0, (last - first) * cols);
  };
}
