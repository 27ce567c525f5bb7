import type { ResultRecord } from '../../workers/model/result.ts';

/** How much each component carries, and what the number honestly is. */
export interface Shares {
  /** 0 … 1, one per component */
  values: Float64Array;
  /** title of a scree axis */
  title: string;
  /** a scree curve of the data (more values than components are possible), or weights of a model with k terms */
  isScree: boolean;
}

/** Uncentred (no mean was stored), the quantity is no variance, so it is not called one (hyperspy/hyperspy#3606). */
export const ratioTitle = (record: Pick<ResultRecord, 'arrays'>): string =>
  'mean' in record.arrays ? 'Explained variance ratio' : 'Proportion of total variation';

/**
 * Shares from the explained variance ratio; where a method has none (NMF, sparse PCA), from the size of each term of
 * the model: ‖f_c‖²·‖l_c‖² over their sum. Left-out channels and pixels (NaN) do not count.
 */
export function sharesOf(
  record: Pick<ResultRecord, 'arrays'>,
  ratio: Float64Array | null,
  factors: readonly ArrayLike<number>[],
  loadings: readonly ArrayLike<number>[],
): Shares {
  if (ratio !== null && ratio.length > 0) return { values: ratio, title: ratioTitle(record), isScree: true };
  const sizes = factors.map((factor, c) => squaredNorm(factor) * squaredNorm(loadings[c] ?? []));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    values: Float64Array.from(sizes, (size) => (total > 0 ? size / total : 0)),
    title: 'Share of the model',
    isScree: false,
  };
}

function squaredNorm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (Number.isFinite(v)) sum += v * v;
  }
  return sum;
}

/** Sum of the first k shares, at most 1. */
export function cumulative(values: ArrayLike<number>, k: number): number {
  let sum = 0;
  for (let c = 0; c < Math.min(k, values.length); c++) sum += values[c] as number;
  return Math.min(1, sum);
}

/** Components suggested by the elbow of the curve as the services found it, or null. */
export function suggestedComponents(record: Pick<ResultRecord, 'scalars'>): number | null {
  const found = record.scalars['number_significant_components'];
  return typeof found === 'number' && found >= 1 ? found : null;
}
