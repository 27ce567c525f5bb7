import type { ResultRecord } from '../../workers/model/result.ts';

/** What one criterion says about the number of components. */
export interface Suggested {
  id: string;
  label: string;
  count: number;
  /** one plain sentence */
  reason: string;
}

/** The operation that compares the criteria. */
export const criteriaOperation = 'estimate_number_of_components';

/** Criteria in the order in which they deserve trust: those that know the noise first. */
const labels: readonly (readonly [id: string, label: string])[] = [
  ['cross_validation', 'Cross-validation'],
  ['parallel_analysis', 'Parallel analysis'],
  ['hard_threshold', 'Best for removing noise'],
  ['marchenko_pastur', 'Edge of the noise'],
  ['elbow', 'Knee of the curve'],
  ['broken_stick', 'Broken stick'],
  ['cumulative', 'Share of the total'],
];

export function suggestedBy(record: Pick<ResultRecord, 'scalars'>): Suggested[] {
  return labels.flatMap(([id, label]) => {
    const count = record.scalars[id];
    const reason = record.scalars[`${id}_reason`];
    return typeof count === 'number' ? [{ id, label, count, reason: typeof reason === 'string' ? reason : '' }] : [];
  });
}

/** Settings of a decomposition that the criteria must share with it. */
const shared = ['normalize_poissonian_noise', 'centre', 'navigation_mask', 'signal_mask'] as const;

/** The parameters of the comparison that fit how a decomposition was made; PCA subtracts the mean spectrum by itself. */
export function criteriaParameters(record: Pick<ResultRecord, 'algorithm' | 'parameters'>): Record<string, unknown> {
  const taken = Object.fromEntries(
    shared.flatMap((id) => (record.parameters[id] == null ? [] : [[id, record.parameters[id]]])),
  );
  return record.algorithm === 'sklearn_pca' ? { ...taken, centre: 'navigation' } : taken;
}

/** The newest comparison that belongs to a result; null when there is none. */
export const comparisonOf = (results: readonly ResultRecord[], record: Pick<ResultRecord, 'id'>): ResultRecord | null =>
  results.findLast((one) => one.operation === criteriaOperation && one.parent === record.id) ?? null;

/** Criteria that say the same number, in the order of the numbers, for marks at a scree plot. */
export function marksOf(suggestions: readonly Suggested[]): { count: number; labels: string[] }[] {
  const counts = [...new Set(suggestions.map(({ count }) => count))].toSorted((a, b) => a - b);
  return counts.map((count) => ({
    count,
    labels: suggestions.filter((one) => one.count === count).map(({ label }) => label),
  }));
}
