import { autoLimits, isSigned, sharedLimits, symmetricLimits, type Limits } from '../../workers/figure/contrast.ts';
import { correlationOf, matchComponents, type ComponentMatch } from './match-components.ts';

/** What is compared of a result: one array per component, [features] and [samples]. */
export interface Compared {
  factors: readonly Float64Array[];
  loadings: readonly Float64Array[];
}

/** One result against the reference, a cell per component of the reference. */
export interface ComparisonRow {
  cells: readonly (ComparisonCell | null)[];
  /** components without a partner in the reference */
  unmatched: readonly number[];
  /** the factors have another length, so that nothing can be paired */
  isIncomparable: boolean;
}

export interface ComparisonCell extends ComponentMatch {
  /** turned over so that it lies on the reference */
  factor: Float64Array;
  loading: Float64Array;
  /** correlation of the loading with that of the reference, −1 … 1; null when the pixels differ */
  correlation: number | null;
}

/** More columns than this do not fit on any screen. */
export const MOST_COLUMNS = 16;

const turned = (values: Float64Array, isFlipped: boolean): Float64Array => (isFlipped ? values.map((v) => -v) : values);

/** Pairs every result with the first one, the reference. */
export function buildComparison(results: readonly Compared[]): ComparisonRow[] {
  const reference = results[0];
  if (reference === undefined) return [];
  const factors = reference.factors.slice(0, MOST_COLUMNS);
  return results.map((result, row): ComparisonRow => {
    if (result.factors[0]?.length !== factors[0]?.length) {
      return { cells: factors.map(() => null), unmatched: result.factors.map((_, k) => k), isIncomparable: true };
    }
    const matches =
      row === 0
        ? factors.map((_, component): ComponentMatch => ({ component, similarity: 1, isFlipped: false }))
        : matchComponents(factors, result.factors);
    const cells = matches.map((match, k): ComparisonCell | null => {
      const factor = match === null ? undefined : result.factors[match.component];
      const loading = match === null ? undefined : result.loadings[match.component];
      if (match === null || factor === undefined || loading === undefined) return null;
      const own = turned(loading, match.isFlipped);
      const other = reference.loadings[k];
      return {
        ...match,
        factor: turned(factor, match.isFlipped),
        loading: own,
        correlation: other?.length === own.length ? correlationOf(other, own) : null,
      };
    });
    const used = new Set(matches.map((match) => match?.component));
    return { cells, unmatched: result.factors.flatMap((_, k) => (used.has(k) ? [] : [k])), isIncomparable: false };
  });
}

/**
 * Limits for the maps of one column when they are shared: wide enough for all, around zero as soon as one is signed.
 */
export function columnLimits(rows: readonly ComparisonRow[], column: number): { limits: Limits; isSigned: boolean } {
  const maps = rows.flatMap((row) => row.cells[column]?.loading ?? []);
  const signed = maps.some(isSigned);
  return {
    limits: sharedLimits(maps.map((map) => (signed ? symmetricLimits(map) : autoLimits(map)))),
    isSigned: signed,
  };
}

/** Divided by its largest |value|, so that factors of different scaling can lie on one another. NaN stays. */
export function scaledToOne(values: Float64Array): Float64Array {
  let largest = 0;
  for (const v of values) if (Number.isFinite(v)) largest = Math.max(largest, Math.abs(v));
  return largest > 0 ? values.map((v) => v / largest) : values;
}
