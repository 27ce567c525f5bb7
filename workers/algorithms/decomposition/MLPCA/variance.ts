import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';

/** What the words mean as the variance of a value x. */
export const varianceNames = ['poisson', 'absolute', 'relative', 'uniform'] as const;
export type VarianceName = (typeof varianceNames)[number];

/** Where the variance of every value comes from. It travels between threads: plain data and shared memory only. */
export type VarianceModel =
  | { kind: 'named'; name: VarianceName }
  /** c₀xⁿ⁻¹ + … + cₙ₋₁: highest power first */
  | { kind: 'polynomial'; coefficients: readonly number[] }
  /** one variance per value, in a matrix laid out as the data */
  | { kind: 'array'; view: MatrixView };

/** What was met while weights were made. */
export interface WeightTally {
  /** variances below 0, and the lowest of them */
  negative: number;
  lowest: number;
  /** values that count for nothing: not a finite number, or of infinite or unknown variance */
  ignored: number;
}

export const createTally = (): WeightTally => ({ negative: 0, lowest: 0, ignored: 0 });

export function mergeTally(a: WeightTally, b: WeightTally): void {
  a.negative += b.negative;
  a.lowest = Math.min(a.lowest, b.lowest);
  a.ignored += b.ignored;
}

/**
 * Writes the variances of the first `count` values of x to out. An array of variances is read, not computed, and that
 * values are their own variance needs no copy: elsewhere.
 */
export function evaluateVariance(
  model: Exclude<VarianceModel, { kind: 'array' }>,
  x: Float64Array,
  count: number,
  out: Float64Array,
): void {
  if (model.kind === 'polynomial') return evaluatePolynomial(model.coefficients, x, count, out);
  switch (model.name) {
    case 'poisson':
      for (let i = 0; i < count; i++) out[i] = x[i]!;
      return;
    case 'absolute':
      for (let i = 0; i < count; i++) out[i] = Math.abs(x[i]!);
      return;
    case 'relative':
      for (let i = 0; i < count; i++) out[i] = x[i]! * x[i]!;
      return;
    case 'uniform':
      out.fill(1, 0, count);
  }
}

/** Horner's rule. */
function evaluatePolynomial(coefficients: readonly number[], x: Float64Array, count: number, out: Float64Array): void {
  out.fill(coefficients[0] ?? 0, 0, count);
  for (let c = 1; c < coefficients.length; c++) {
    const next = coefficients[c]!;
    for (let i = 0; i < count; i++) out[i] = out[i]! * x[i]! + next;
  }
}

/** @throws EigenscopeError `negative-data` when there are negative variances, saying where they come from */
export function requireNoNegative(tally: WeightTally, model: VarianceModel): void {
  if (tally.negative === 0) return;
  const many = tally.negative === 1 ? '1 variance is' : `${tally.negative} variances are`;
  const lowest = Number(tally.lowest.toPrecision(4));
  const advice =
    model.kind === 'array'
      ? 'var_array must hold variances (squares of standard deviations) of 0 or more.'
      : model.kind === 'polynomial'
        ? 'Choose coefficients of var_func that give 0 or more for all values of the data.'
        : 'As counts the data are their own variance. Undo a background subtraction first, or set var_func to absolute, uniform or a polynomial, or give var_array.';
  throw new EigenscopeError('negative-data', `${many} negative (the lowest is ${lowest}). ${advice}`, {
    negative: tally.negative,
    min: tally.lowest,
  });
}
