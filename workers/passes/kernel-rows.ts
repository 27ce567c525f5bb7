import { kernels } from '../kernels/kernels.ts';
import type { MatrixView } from '../model/rows.ts';
import { itemSize, type DType } from '../model/dtype.ts';
import { inverse, runLength } from './row-runs.ts';

type Values =
  Float64Array | Float32Array | Uint32Array | Int32Array | Uint16Array | Int16Array | Uint8Array | Int8Array;

/** Arrays whose elements convert to float64 as they are; others need the decoder. */
function valuesOf(buffer: SharedArrayBuffer, dtype: DType): Values | null {
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    default:
      return null;
  }
}

/** Values treated at a time: 2 MiB of float64. */
const pieceElements = 256 * 1024;

/**
 * Reads whole rows of shared memory and treats them in kernel memory, three times faster than value by value. The same
 * bits as the other way.
 * @returns null where that does not apply: files, left-out columns, transposed views, element types that need decoding
 */
export function openKernelRows(view: MatrixView): { read: ReadRows; close(): void } | null {
  const { source } = view;
  if (source.kind !== 'shared' || view.transpose || view.columns) return null;
  if (source.buffer.byteLength < source.samples * source.features * itemSize(source.dtype)) return null;
  const values = valuesOf(source.buffer, source.dtype);
  if (values === null) return null;
  const cols = source.features;
  const treat = createTreatment(view, cols);
  const copy = (sample: number, count: number, row: number, out: Float64Array, at: number): void => {
    if (treat) treat.read(values, sample, count, row, out, at);
    else out.set(values.subarray(sample * cols, (sample + count) * cols), at);
  };
  return {
    read(first, last, out) {
      for (let row = first; row < last;) {
        const run = view.rows ? runLength(view.rows, row, last) : last - row;
        copy(view.rows ? view.rows[row]! : row, run, row, out, (row - first) * cols);
        row += run;
      }
    },
    close: () => treat?.close(),
  };
}
type ReadRows = (first: number, last: number, out: Float64Array) => void;

interface Treatment {
  /** Samples of X from `sample` on, which are rows of the view from `row` on, to `out[at…]`. */
  read(values: Values, sample: number, count: number, row: number, out: Float64Array, at: number): void;
  close(): void;
}

function createTreatment(view: MatrixView, cols: number): Treatment | null {
  const { rowMean, columnMean } = view;
  const rowFactor = view.rowScale && inverse(view.rowScale);
  const columnFactor = view.columnScale && inverse(view.columnScale);
  if (!rowMean && !columnMean && !rowFactor && !columnFactor) return null;
  const k = kernels();
  const taken: number[] = [];
  const place = (length: number): number => {
    const address = k.allocate(Math.max(1, length) * 8);
    taken.push(address);
    return address;
  };
  const keep = (vector: Float64Array | undefined): number => {
    if (!vector) return 0;
    const address = place(vector.length);
    k.f64(address, vector.length).set(vector);
    return address;
  };
  const [means, rowMeans] = [keep(columnMean), keep(rowMean)];
  const [factors, rowFactors] = [keep(columnFactor), keep(rowFactor)];
  const most = Math.max(1, Math.floor(pieceElements / Math.max(1, cols)));
  const piece = place(most * cols);
  return {
    read(values, sample, count, row, out, at) {
      for (let done = 0; done < count; done += most) {
        const rows = Math.min(most, count - done);
        const from = (sample + done) * cols;
        k.f64(piece, rows * cols).set(values.subarray(from, from + rows * cols));
        const step = (row + done) * 8;
        k.run.treatRows(
          rows,
          cols,
          piece,
          rowMeans && rowMeans + step,
          means,
          rowFactors && rowFactors + step,
          factors,
        );
        out.set(k.f64(piece, rows * cols), at + done * cols);
      }
    },
    close: () => taken.forEach((address) => k.free(address)),
  };
}
