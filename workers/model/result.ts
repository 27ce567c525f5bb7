import type { Axis } from './axes.ts';
import type { ClusterDisplay } from './cluster-display.ts';

/** A dense array in C order; float64, int32 or bool (one byte per element), possibly in shared memory. */
export type ResultArray =
  | { dtype: 'float64'; shape: readonly number[]; data: Float64Array }
  | { dtype: 'int32'; shape: readonly number[]; data: Int32Array }
  | { dtype: 'bool'; shape: readonly number[]; data: Uint8Array };

/** An array of the size of data that do not fit memory: in a file, little-endian, C order, from `offset` bytes on. */
export interface FileArray {
  dtype: 'float64';
  shape: readonly number[];
  path: string;
  offset: number;
}

export type Scalar = number | string | boolean | null;

/**
 * What an algorithm returns. Arrays and scalars go by HyperSpy's names: factors [features × k],
 * loadings [samples × k], explained_variance …
 */
export interface AlgorithmOutput {
  arrays: Record<string, ResultArray>;
  /** arrays that were written to files, by the same names; whoever ran the algorithm moves or removes the files */
  files?: Record<string, FileArray>;
  scalars: Record<string, Scalar>;
  /** sentences for the user: "integers were converted to float64", "did not converge after 200 iterations" */
  notes: string[];
}

export type ResultKind =
  'decomposition' | 'model' | 'blind_source_separation' | 'cluster_analysis' | 'mixture' | 'estimate' | 'mask';

/** An array that a parameter named, kept with the result that was made with it. */
export interface GivenArray {
  /** of the data it came from */
  name: string;
  dtype: 'float64' | 'bool';
  shape: readonly number[];
}

/** How a result was made and what it holds; its arrays are kept beside it, by name. Immutable but for name, star and display. */
export interface ResultRecord {
  id: string;
  kind: ResultKind;
  /** the operation of the recipe that made it: decomposition, get_decomposition_model … */
  operation: string;
  name: string;
  dataset: string;
  /** the result this one was derived from */
  parent: string | null;
  algorithm: string | null;
  /** all parameters, defaults filled in; inputs by id */
  parameters: Record<string, unknown>;
  seed: number;
  version: string;
  /** ISO time of making */
  made: string;
  /** the algorithm alone */
  seconds: number;
  scalars: Record<string, Scalar>;
  arrays: Record<string, { dtype: ResultArray['dtype']; shape: readonly number[] }>;
  /** by parameter: small arrays of other files than the data's; no part of what was found */
  given?: Readonly<Record<string, GivenArray>>;
  notes: readonly string[];
  /** navigation and signal axes at the time of making, so that a result can be shown without its data */
  axes: readonly Axis[];
  starred: boolean;
  /** clusters: names, colours and which are shown as one */
  display?: ClusterDisplay;
}
