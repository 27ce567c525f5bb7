import { pathToFileURL } from 'node:url';
import { openControl } from '../control.ts';
import { openView } from '../matrix-view.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { MatrixView } from '../model/rows.ts';
import type { CommonTask } from './contract.ts';

/** What a module sees of the data: whole rows, as many at a time as it likes. */
export interface PluginMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows [first, last) as a new array, row-major float64 */
  read(first: number, last: number): Float64Array;
  toArray(): Float64Array;
}

export type Fail = (sentence: string, cause?: unknown) => EigenscopeError;

/** Makes the error of a custom algorithm: its id, then what is wrong. */
export const failureOf =
  (id: string): Fail =>
  (sentence, cause) =>
    new EigenscopeError('plugin-failed', `${id}: ${sentence}`, { algorithm: id }, cause);

/** What a module throws becomes a sentence with the name of what was done. */
export async function guard<T>(failed: Fail, what: string, body: () => unknown): Promise<T> {
  try {
    return (await body()) as T;
  } catch (cause) {
    if (cause instanceof EigenscopeError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw failed(`${what} failed: ${message.slice(0, 300)}`, cause);
  }
}

export const readModule = (file: string, failed: Fail): Promise<Readonly<Record<string, unknown>>> =>
  guard(failed, 'reading the module', () => import(/* @vite-ignore */ pathToFileURL(file).href));

/** A function of a module, or null. */
export function functionOf(
  module: Readonly<Record<string, unknown>>,
  name: string,
): ((...args: unknown[]) => unknown) | null {
  const found = module[name];
  return typeof found === 'function' ? (found as (...args: unknown[]) => unknown) : null;
}

/** What a module may know and tell: its parameters, the seed, and how far it is. */
export function contextOf(
  task: CommonTask,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const control = openControl(task.control);
  return Object.freeze({
    parameters: task.parameters,
    ...more,
    seed: task.seed,
    /** throws when the user cancelled; true when the current state is to be given back */
    shouldStop(): boolean {
      control.check();
      return control.shouldKeep();
    },
    progress: (done: number, total: number) => control.progress(1, Math.trunc(done), Math.trunc(total)),
    objective: (iteration: number, value: number) => control.objective(Number(iteration), Number(value)),
  });
}

export function openMatrix(view: MatrixView): { matrix: PluginMatrix; close(): void } {
  const open = openView(view);
  const read = (first: number, last: number): Float64Array => {
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < 0 || last > open.rows || first > last) {
      throw new RangeError(`rows ${first} to ${last} of ${open.rows} were asked for`);
    }
    const out = new Float64Array((last - first) * open.cols);
    open.read(first, last, out);
    return out;
  };
  const matrix = Object.freeze({
    rows: open.rows,
    columns: open.cols,
    read,
    toArray: () => read(0, open.rows),
  });
  return { matrix, close: open.close };
}

/** An own copy as float64, so that nothing the module keeps can change it later. */
export function numbers(value: unknown, name: string, failed: Fail): Float64Array {
  const list = ArrayBuffer.isView(value) && !(value instanceof DataView) ? (value as Float64Array) : value;
  if (!ArrayBuffer.isView(list) && !Array.isArray(list)) {
    throw failed(`${name} must be a Float64Array or a list of numbers, row after row.`);
  }
  const copy = Float64Array.from(list as ArrayLike<number>, Number);
  const bad = copy.findIndex((item) => !Number.isFinite(item));
  if (bad >= 0) throw failed(`${name} holds ${copy[bad]} at position ${bad}; every number must be finite.`);
  return copy;
}

export function requireLength(values: Float64Array, length: number, name: string, failed: Fail): void {
  if (values.length !== length) throw failed(`${name} must hold ${length} numbers; got ${values.length}.`);
}
