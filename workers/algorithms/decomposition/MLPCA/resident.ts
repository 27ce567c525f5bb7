import type { Job, Pass } from '../../../job.ts';
import type { DType } from '../../../model/dtype.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView, RowTarget } from '../../../model/rows.ts';
import { openRowTarget } from '../../../passes/row-target.ts';

interface CopyShared {
  /** room for [rows × cols]; an array takes values that single precision holds */
  out: RowTarget | { kind: 'single'; data: Float32Array };
}

/** Writes A row by row. */
export const copyPass: Pass<CopyShared, null> = {
  id: 'mlpca-copy',
  stateBytes: () => 8,
  perValue: () => 1,
  partial(cols, { out }, next) {
    if (out.kind === 'single') {
      for (let block = next(); block; block = next()) out.data.set(block.data, block.start * cols);
      return null;
    }
    const writer = openRowTarget(out, cols);
    try {
      for (let block = next(); block; block = next()) writer.write(block.start, block.data);
    } finally {
      writer.close();
    }
    return null;
  },
  merge: () => null,
};

/** Element types of which every value is a float32. */
const fitSingle: ReadonlySet<DType> = new Set(['float32', 'float16', 'uint16', 'int16', 'uint8', 'int8', 'bool']);

/**
 * The same matrix where every look at it is a plain copy: whole rows one after the other, as float32 where that holds all
 * digits, else as float64. Converting, gathering and turning the data at each of a hundred looks would take as long as
 * the fit. Data that are so already are not copied; the copy goes to a file where memory is short.
 * @param view without means and scales
 * @param name of the copy; no two of a run alike
 */
export async function residentView(view: MatrixView, name: string, job: Job, phase: number): Promise<MatrixView> {
  const { source, rows: kept, columns, transpose } = view;
  const isPlain = source.kind === 'raw' || source.dtype === 'float64' || source.dtype === 'float32';
  if (!kept && !columns && !transpose && isPlain) return view;
  const { rows, cols } = viewShape(view);
  const target = job.allocateRows(name, rows * cols);
  const isSingle = target.kind === 'shared' && fitSingle.has(source.dtype);
  const out = isSingle
    ? { kind: 'single' as const, data: new Float32Array(target.data.buffer, 0, rows * cols) }
    : target;
  await job.run(copyPass, view, { out }, phase);
  return { source: sourceOf(target, isSingle ? 'float32' : 'float64', rows, cols) };
}

/** What was written to a target, to be read again. */
export function sourceOf(target: RowTarget, dtype: DType, samples: number, features: number): MatrixView['source'] {
  if (target.kind === 'file') {
    return { kind: 'raw', path: target.path, offset: target.offset, littleEndian: true, dtype, samples, features };
  }
  const { buffer } = target.data;
  if (!(buffer instanceof SharedArrayBuffer)) throw new Error('A row target in memory must be shared');
  return { kind: 'shared', buffer, dtype, samples, features };
}
