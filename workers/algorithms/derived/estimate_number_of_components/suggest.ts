import type { AlgorithmOutput, ResultArray } from '../../../model/result.ts';

export type Criterion =
  | 'elbow'
  | 'broken_stick'
  | 'cumulative'
  | 'parallel_analysis'
  | 'marchenko_pastur'
  | 'hard_threshold'
  | 'cross_validation';

/** What one criterion says. */
export interface Suggestion {
  criterion: Criterion;
  count: number;
  /** one plain sentence */
  reason: string;
  /** its curve or threshold */
  curves: Readonly<Record<string, Float64Array>>;
}

/** Scalars `<criterion>` and `<criterion>_reason`, and the curves as arrays. */
export function addSuggestion(output: AlgorithmOutput, { criterion, count, reason, curves }: Suggestion): void {
  output.scalars[criterion] = count;
  output.scalars[`${criterion}_reason`] = reason;
  for (const [name, curve] of Object.entries(curves)) output.arrays[name] = curveOf(curve);
}

export const curveOf = (data: Float64Array): ResultArray => ({ dtype: 'float64', shape: [data.length], data });

/** A share as it is read in a sentence. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${Number(value.toPrecision(value < 0.1 ? 2 : 3))} %`;
}

/** "3 components are", "1 component is", "no component is". */
export const components = (count: number): string =>
  count === 0 ? 'no component' : count === 1 ? '1 component' : `${count} components`;

export const verb = (count: number, one: string, many: string): string => (count <= 1 ? one : many);
