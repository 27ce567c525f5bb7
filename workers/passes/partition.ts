import type { Pass } from '../job.ts';
import type { MatrixView } from '../model/rows.ts';
import { viewShape } from '../matrix-view.ts';

/** Rows [start, end) of a view. */
export interface Part {
  start: number;
  end: number;
}

const mostParts = 16;
/** merging many large states costs more than a better balance of the threads brings */
const mostLargeParts = 8;
const largeState = 1024 * 1024;
const stateBudget = 128 * 1024 * 1024;
/** below this a part is not worth a message to another thread */
const fewestElements = 32 * 1024;

/**
 * Cuts the rows of a view into parts of nearly equal size, in order. The cut depends on the shape and the state's size
 * alone, so that the merged answer has the same bits with any number of threads. All states together stay within
 * 128 MiB, except that a state of up to 256 MiB may exist twice.
 */
export function partition<Shared, State>(view: MatrixView, pass: Pass<Shared, State>, shared: Shared): Part[] {
  const { rows, cols } = viewShape(view);
  const bytes = Math.max(1, pass.stateBytes(cols, shared));
  const byMemory = Math.max(bytes <= 2 * stateBudget ? 2 : 1, Math.floor(stateBudget / bytes));
  const bySize = Math.ceil((rows * cols) / fewestElements);
  const count = Math.max(1, Math.min(bytes > largeState ? mostLargeParts : mostParts, byMemory, bySize, rows));
  return Array.from({ length: count }, (_, i) => ({
    start: Math.floor((i * rows) / count),
    end: Math.floor(((i + 1) * rows) / count),
  }));
}

/** Arithmetic that takes about as long as the messages to other threads and back. */
export const littleWork = 1.6e7;

/** Whether the parts of a pass over values in memory are done sooner one after the other in this thread than by sending them away. */
export function isSmall<Shared, State>(view: MatrixView, pass: Pass<Shared, State>, shared: Shared): boolean {
  if (pass.perValue === undefined || view.source.kind !== 'shared') return false;
  const { rows, cols } = viewShape(view);
  return rows * cols * pass.perValue(cols, shared) < littleWork;
}
