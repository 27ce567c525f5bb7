import { EigenscopeError } from './model/errors.ts';
import { itemSize } from './model/dtype.ts';
import type { MatrixView, RowSource } from './model/rows.ts';
import { createDecoder } from './passes/decode.ts';
import { openHdf5Rows } from './passes/hdf5-rows.ts';
import { openKernelRows } from './passes/kernel-rows.ts';
import { openRawRows, type RowReader } from './passes/raw-rows.ts';
import { inverse, runLength } from './passes/row-runs.ts';

/** The matrix A of a view (see MatrixView), readable by blocks of whole rows. Close it when done. */
export interface OpenView {
  rows: number;
  cols: number;
  /** Writes rows [first, last) of A to `out`, row-major float64. */
  read(first: number, last: number, out: Float64Array): void;
  close(): void;
}

/** Number of rows and columns of A. */
export function viewShape(view: MatrixView): { rows: number; cols: number } {
  const rows = view.rows?.length ?? view.source.samples;
  const cols = view.columns?.length ?? view.source.features;
  return view.transpose ? { rows: cols, cols: rows } : { rows, cols };
}

/**
 * Opens a view for reading in this thread.
 * @throws EigenscopeError `unsupported-format` for complex or colour data, `shape-mismatch` when the memory is too small
 *   or a vector has the wrong length, file errors of `openRawRows`
 */
export function openView(view: MatrixView): OpenView {
  checkVectors(view);
  const { rows, cols } = viewShape(view);
  const quick = openKernelRows(view);
  if (quick) return { rows, cols, read: quick.read, close: quick.close };
  const source = openRows(view.source);
  const read = view.transpose ? createColumnReader(view, source) : createRowReader(view, source);
  return { rows, cols, read, close: source.close };
}

/** Rows of an HDF5 source must have been made ready in this thread (`prepareRows`). */
function openRows(source: RowSource): RowReader {
  if (source.kind === 'shared') return openSharedRows(source);
  return source.kind === 'raw' ? openRawRows(source) : openHdf5Rows(source);
}

function openSharedRows(source: Extract<RowSource, { kind: 'shared' }>): RowReader {
  const needed = source.samples * source.features * itemSize(source.dtype);
  if (source.buffer.byteLength < needed) {
    throw new EigenscopeError(
      'shape-mismatch',
      `The data need ${needed} bytes but ${source.buffer.byteLength} are there.`,
      {
        expected: needed,
        found: source.buffer.byteLength,
      },
    );
  }
  const decoder = createDecoder(source.buffer, source.dtype);
  const { features } = source;
  return {
    loadable: Number.MAX_SAFE_INTEGER,
    load: () => {},
    decode: (row, from, count, out, offset) => decoder(row * features + from, count, out, offset),
    close: () => {},
  };
}

function checkVectors(view: MatrixView): void {
  const rows = view.rows?.length ?? view.source.samples;
  const columns = view.columns?.length ?? view.source.features;
  const check = (name: string, found: number | undefined, expected: number): void => {
    if (found === undefined || found === expected) return;
    throw new EigenscopeError('shape-mismatch', `${name} has ${found} values; ${expected} are needed.`, {
      found,
      expected,
    });
  };
  check('The row mean', view.rowMean?.length, rows);
  check('The row scale', view.rowScale?.length, rows);
  check('The column mean', view.columnMean?.length, columns);
  check('The column scale', view.columnScale?.length, columns);
}

/** Subtracts means and divides by scales: one row of X, of which `out[at…at+count)` holds the kept columns from `first` on. */
type Treatment = (row: number, first: number, count: number, out: Float64Array, at: number) => void;

function createTreatment(view: MatrixView): Treatment | null {
  const { rowMean, columnMean } = view;
  const rowFactor = view.rowScale && inverse(view.rowScale);
  const columnFactor = view.columnScale && inverse(view.columnScale);
  if (!rowMean && !columnMean && !rowFactor && !columnFactor) return null;
  return (row, first, count, out, at) => {
    if (rowMean) subtractNumber(out, at, count, rowMean[row]!);
    if (columnMean) subtractVector(out, at, count, columnMean, first);
    const factor = rowFactor ? rowFactor[row]! : 1;
    if (columnFactor) multiplyVector(out, at, count, factor, columnFactor, first);
    else if (rowFactor) multiplyNumber(out, at, count, factor);
  };
}

function subtractNumber(out: Float64Array, at: number, count: number, value: number): void {
  for (let j = 0; j < count; j++) out[at + j]! -= value;
}
function subtractVector(out: Float64Array, at: number, count: number, values: Float64Array, first: number): void {
  for (let j = 0; j < count; j++) out[at + j]! -= values[first + j]!;
}
function multiplyNumber(out: Float64Array, at: number, count: number, factor: number): void {
  for (let j = 0; j < count; j++) out[at + j]! *= factor;
}
function multiplyVector(
  out: Float64Array,
  at: number,
  count: number,
  factor: number,
  values: Float64Array,
  first: number,
): void {
  for (let j = 0; j < count; j++) out[at + j]! *= factor * values[first + j]!;
}

/** Reads A = X after treatment: whole rows of X, gathered where columns are left out. */
function createRowReader(view: MatrixView, source: RowReader): OpenView['read'] {
  const { features } = view.source;
  const { rows, columns } = view;
  const treat = createTreatment(view);
  const cols = columns?.length ?? features;
  const wholeRow = columns ? new Float64Array(features) : null;

  function readRun(sample: number, count: number, row: number, out: Float64Array, offset: number): void {
    source.load(sample, sample + count, 0, features);
    if (!treat && !columns) {
      source.decode(sample, 0, count * features, out, offset);
      return;
    }
    // a row at a time, so that the second look at it finds it in the first-level cache
    for (let i = 0; i < count; i++) {
      const at = offset + i * cols;
      if (columns && wholeRow) {
        source.decode(sample + i, 0, features, wholeRow, 0);
        gather(wholeRow, columns, out, at);
      } else {
        source.decode(sample + i, 0, features, out, at);
      }
      if (treat) treat(row + i, 0, cols, out, at);
    }
  }

  return (first, last, out) => {
    for (let row = first; row < last;) {
      const run = Math.min(rows ? runLength(rows, row, last) : last - row, source.loadable);
      readRun(rows ? rows[row]! : row, run, row, out, (row - first) * cols);
      row += run;
    }
  };
}

function gather(from: Float64Array, indices: Int32Array, out: Float64Array, offset: number): void {
  for (let j = 0; j < indices.length; j++) out[offset + j] = from[indices[j]!]!;
}

const tile = 8;

/** Reads A = Xᵀ after treatment: a run of columns of X from every kept row, written eight rows of X at a time. */
function createColumnReader(view: MatrixView, source: RowReader): OpenView['read'] {
  const { rows, columns } = view;
  const treat = createTreatment(view);
  const samples = rows?.length ?? view.source.samples;
  let segment = new Float64Array(0);
  let tiles = new Float64Array(0);

  return (first, last, out) => {
    const width = last - first;
    const kept = columns?.subarray(first, last);
    const from = kept ? kept.reduce((a, b) => Math.min(a, b), Infinity) : first;
    const to = kept ? kept.reduce((a, b) => Math.max(a, b), -1) + 1 : last;
    if (tiles.length < tile * width) tiles = new Float64Array(tile * width);
    if (segment.length < to - from) segment = new Float64Array(to - from);
    const local = kept?.map((c) => c - from);
    for (let i = 0; i < samples; i += tile) {
      const n = Math.min(tile, samples - i);
      for (let t = 0; t < n; t++) {
        const sample = rows ? rows[i + t]! : i + t;
        source.load(sample, sample + 1, from, to);
        if (local) {
          source.decode(sample, from, to - from, segment, 0);
          gather(segment, local, tiles, t * width);
        } else {
          source.decode(sample, from, width, tiles, t * width);
        }
        if (treat) treat(i + t, first, width, tiles, t * width);
      }
      for (let c = 0; c < width; c++) {
        const at = c * samples + i;
        for (let t = 0; t < n; t++) out[at + t] = tiles[t * width + c]!;
      }
    }
  };
}
