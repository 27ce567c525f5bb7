import type { DType } from '../model/dtype.ts';
import type { ResultKind } from '../model/result.ts';
import type { ParamSet, ValuesOf } from './param.ts';

/** What limits and estimates depend on. Counts are of what masks leave. */
export interface DataShape {
  samples: number;
  features: number;
  dtype: DType;
}

/** Bounds that depend on the data; `why` completes "… because" in the form and in the refusal. */
export interface Limit {
  min: number;
  max: number;
  why: string;
}

export interface Estimate {
  /** memory needed beside the data, bytes */
  bytes: number;
  /** how much of these bytes can be written to a file instead, where memory is short */
  fileBytes?: number;
  /** rough seconds on this many threads */
  seconds: number;
}

/** What a step is computed from: the data, or an earlier result of this kind. */
export type Origin = 'data' | ResultKind;

export type Family =
  | 'decomposition'
  | 'blind_source_separation'
  | 'cluster_analysis'
  | 'mixture'
  | 'estimate'
  | 'derived'
  /** finds which pixels to leave out */
  | 'mask'
  /** makes data of data: `workers/algorithms/preprocess` */
  | 'preprocess';

/**
 * The one description of an algorithm. Form, flags, validation, help page, methods sentence and tests follow from it.
 */
export interface AlgorithmSpec<P extends ParamSet = ParamSet> {
  /** HyperSpy's id where there is one; stored in every session: never renamed, only superseded */
  id: string;
  family: Family;
  /** what it may be computed from, where that is not the family's own rule (`originsOf`) */
  takes?: readonly Origin[];
  title: string;
  /** one sentence, plain words */
  summary: string;
  /** the question that leads here, e.g. "How many things vary?" */
  question: string;
  /** citation printed in results and in the methods text; ends with the year in brackets */
  reference: string;
  params: P;
  phases: readonly string[];
  /** "Stop and keep": an iterative method can return the current iterate as not converged */
  canKeep?: boolean;
  /** whether the answer depends on the seed */
  usesSeed(values: ValuesOf<P>): boolean;
  /** data-dependent bounds by parameter id */
  limits(shape: DataShape, values: ValuesOf<P>): Readonly<Record<string, Limit>>;
  estimate(shape: DataShape, values: ValuesOf<P>, threads: number): Estimate;
  /** combinations that cannot work: parameter id and the sentence that says why, or null */
  conflict(values: ValuesOf<P>): { param: string; message: string } | null;
}

/** Keeps the literal types of a description while checking its shape. */
export const defineAlgorithm = <const P extends ParamSet>(spec: AlgorithmSpec<P>): AlgorithmSpec<P> => spec;
