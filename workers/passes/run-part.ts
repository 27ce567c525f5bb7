import type { Block, Pass } from '../job.ts';
import type { JobControl } from '../control.ts';
import type { MatrixView } from '../model/rows.ts';
import { openView } from '../matrix-view.ts';
import { letGo } from '../linalg/let-go.ts';
import type { Part } from './partition.ts';
import { openSingleRows } from './single-rows.ts';

const blockElements = 256 * 1024;
const largestBlock = 2 * 1024 * 1024;
/** the products work on slabs of this many rows */
const slab = 256;

/** Rows per block: about 2 MiB of float64, which stays near the core; of long rows a slab of up to 16 MiB. */
export function blockRows(cols: number): number {
  const width = Math.max(1, cols);
  return Math.max(1, Math.floor(blockElements / width), Math.min(slab, Math.floor(largestBlock / width)));
}

/**
 * Runs a pass over one part in this thread.
 * @param onRows called after every block with the number of rows done since the last call: for progress
 * @throws EigenscopeError `cancelled` at the next block after a request to stop; errors of `openView`
 */
export function runPart<Shared, State>(
  pass: Pass<Shared, State>,
  view: MatrixView,
  shared: Shared,
  part: Part,
  control: Pick<JobControl, 'check'>,
  onRows?: (rows: number) => void,
): State {
  const open = openView(view);
  try {
    const step = blockRows(open.cols);
    const singles = pass.takesSingle ? openSingleRows(view) : null;
    const isEmpty = singles !== null || pass.takesNothing === true;
    const data = new Float64Array(isEmpty ? 0 : Math.min(step, Math.max(1, part.end - part.start)) * open.cols);
    let next = part.start;
    let pending = 0;
    const nextBlock = (): Block | null => {
      if (pending > 0) onRows?.(pending);
      control.check();
      const start = next;
      const rows = Math.min(step, part.end - start);
      if (rows <= 0) return null;
      next += rows;
      pending = rows;
      if (singles) return { start, rows, data, single: singles(start, start + rows) };
      if (isEmpty) return { start, rows, data };
      open.read(start, start + rows, data);
      return { start, rows, data: data.length === rows * open.cols ? data : data.subarray(0, rows * open.cols) };
    };
    const state = pass.partial(open.cols, shared, nextBlock);
    letGo(data);
    return state;
  } finally {
    open.close();
  }
}

/** Merges the states of all parts in the order of the parts. */
export function mergeInOrder<Shared, State>(pass: Pass<Shared, State>, states: readonly State[]): State {
  return states.reduce((a, b) => pass.merge(a, b));
}

/** The buffers of a state (a plain object or array of plain values and typed arrays) that can be transferred between threads. */
export function transferable(state: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(state)) return state.buffer instanceof ArrayBuffer ? [state.buffer] : [];
  if (typeof state !== 'object' || state === null) return [];
  return [...new Set(Object.values(state).flatMap(transferable))];
}
