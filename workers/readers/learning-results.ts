import { elementCount, isComplex, isColour, type DType } from '../model/dtype.ts';
import type { ResultArray, Scalar } from '../model/result.ts';
import { toFloat64 } from './elements.ts';
import type { Elements } from './pixel-source.ts';

/**
 * What HyperSpy keeps of a decomposition, separation and clustering: arrays and single values by HyperSpy's field names
 * (factors [features × k], loadings [samples × k], masks true = left out …). Fields that were not set are absent.
 */
export interface LearningResults {
  arrays: Record<string, ResultArray>;
  scalars: Record<string, Scalar>;
  /** fields that could not be taken over: pickled objects, text lists, complex numbers */
  ignored: string[];
}

export const noLearningResults = (): LearningResults => ({ arrays: {}, scalars: {}, ignored: [] });

/** Names of fields in files of long ago, and what they are called since. */
const renamed: Readonly<Record<string, string>> = {
  algorithm: 'decomposition_algorithm',
  pca_algorithm: 'decomposition_algorithm',
  ica_algorithm: 'bss_algorithm',
  V: 'explained_variance',
  w: 'unmixing_matrix',
  v: 'loadings',
  scores: 'loadings',
  pc: 'loadings',
  ica_scores: 'bss_loadings',
  ica_factors: 'bss_factors',
};
const dropped: ReadonlySet<string> = new Set(['variance2one', 'centered', '__proto__', 'constructor', 'prototype']);

/** Today's name of a field, or null for fields that mean nothing any more. */
export function fieldName(name: string): string | null {
  if (dropped.has(name)) return null;
  return Object.hasOwn(renamed, name) ? renamed[name]! : name;
}

const fitsInt32 = (values: Float64Array): boolean =>
  values.every((value) => Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff);

/** Elements as a result array: booleans stay, integers become int32 where they fit, everything else is float64. */
export function resultArrayOf(elements: Elements, dtype: DType, shape: readonly number[]): ResultArray | null {
  if (isComplex(dtype) || isColour(dtype) || elements.length !== elementCount(shape)) return null;
  if (dtype === 'bool') return { dtype: 'bool', shape, data: Uint8Array.from(elements as Uint8Array) };
  const values = toFloat64(elements, dtype);
  if (!dtype.startsWith('float') && fitsInt32(values)) return { dtype: 'int32', shape, data: Int32Array.from(values) };
  return { dtype: 'float64', shape, data: values };
}

/** Puts a field in its place; a value of one element without shape is a scalar. Names seen first win. */
export function putScalar(results: LearningResults, name: string, value: Scalar): void {
  const field = fieldName(name);
  if (field !== null && value !== null && value !== '_None_') results.scalars[field] ??= value;
}

export function putArray(results: LearningResults, name: string, array: ResultArray | null): void {
  const field = fieldName(name);
  if (field === null) return;
  if (array === null) results.ignored.push(name);
  else results.arrays[field] ??= array;
}
