import type { JobControl } from './control.ts';
import type { MatrixView, RowSource, RowTarget } from './model/rows.ts';
import type { AlgorithmOutput } from './model/result.ts';
import type { Axis } from './model/axes.ts';
import type { DType } from './model/dtype.ts';

/**
 * A pass over the rows of a matrix in map-merge-finish form. The rows are cut into parts that depend on the shape
 * alone, never on the number of threads, and the states are merged in that order: same bits with any number of threads.
 * `shared` and states travel between threads by structured clone or transfer: plain objects, typed arrays, shared memory.
 */
export interface Pass<Shared, State> {
  id: string;
  /** bytes of one state, from which the number of parts follows */
  stateBytes(cols: number, shared: Shared): number;
  /** State after all rows of this part. `next` yields blocks of whole rows: data is row-major float64, valid until the next call. */
  partial(cols: number, shared: Shared, next: () => Block | null): State;
  /** Arithmetic for each value of the matrix. A pass that tells it stays in the lead thread where there is little to do. */
  perValue?(cols: number, shared: Shared): number;
  /** Takes rows of float32 data as they are: where the view is `isSingle`, blocks hold them in `single`, and `data` is empty. */
  takesSingle?: boolean;
  /** Looks at shared memory for itself: blocks tell which rows are next, and `data` is empty. */
  takesNothing?: boolean;
  /** May reuse and return a. */
  merge(a: State, b: State): State;
}

export interface Block {
  /** index of the first row within the view (after masking, after transposition) */
  start: number;
  rows: number;
  data: Float64Array;
  /** in place of data, for passes that take it */
  single?: Float32Array;
}

/** What an algorithm gets beside its data: it knows of no files, threads, windows or clocks. */
export interface Job {
  control: JobControl;
  seed: number;
  /** Runs a pass over the view, over all threads there are, and returns the merged state. Reports progress under `phase`. */
  run<Shared, State>(pass: Pass<Shared, State>, view: MatrixView, shared: Shared, phase: number): Promise<State>;
  /** Zero-filled shared memory that every thread can write its own rows to. */
  allocate(elements: number): Float64Array<SharedArrayBuffer>;
  /** Room for an array of the size of the data that passes write row by row: a file where memory is short. */
  allocateRows(name: string, elements: number): RowTarget;
  /** The custom preparation that this run names under `preprocessing`; absent where it names none. */
  preprocessing?: RowPreparation;
}

/** Makes of A [rows × columns] another matrix with the same rows, in the thread of a custom algorithm. */
export interface RowPreparation {
  id: string;
  version: string;
  /**
   * @returns finite numbers, row after row
   * @throws EigenscopeError `plugin-failed`, `cancelled`
   */
  apply(view: MatrixView, values: Readonly<Record<string, unknown>>): Promise<{ data: Float64Array; columns: number }>;
}

/** The data of a run: X [samples × features] and what the parameters of kind "input" name, already loaded. */
export interface RunInput {
  data: RowSource;
  /** array shape of the navigation and signal axes, slowest first */
  navigationShape: readonly number[];
  signalShape: readonly number[];
  /** navigation axes, then signal axes, with their calibration; absent = plain indices */
  axes?: readonly Axis[];
  inputs: Readonly<Record<string, InputArray>>;
  /** the result this one is computed from, for operations on a result */
  parent?: ParentResult;
}

/** An earlier result with what it was itself computed from, back to the data. */
export interface ParentResult extends AlgorithmOutput {
  operation: string;
  algorithm: string | null;
  parameters: Readonly<Record<string, unknown>>;
  parent?: ParentResult;
}

export interface InputArray {
  shape: readonly number[];
  dtype: DType;
  /** values as float64; a mask is true (left out) where not 0 */
  data: Float64Array;
  /** maps of a fit of peaks: how many there are, and how their widths are given */
  peaks?: { count: number; width: 'fwhm' | 'sigma' };
}

/** The run.ts of every algorithm and operation exports one of these. */
export type Run = (input: RunInput, values: Readonly<Record<string, unknown>>, job: Job) => Promise<AlgorithmOutput>;
