import { tiny } from './multiplicative.ts';

/** The losses beside the squared error, by the exponent β of the β-divergence. */
export type Loss = 'kullback-leibler' | 'itakura-saito';

/**
 * Σ d(x, y) over values x of the data and y of the model, but for what is known in sums: for Kullback–Leibler
 * Σ x log(x/y) − x over x > 0 (the rest, Σ y, follows from column sums), for Itakura–Saito x/y − log(x/y) − 1.
 * @param against x/y for Kullback–Leibler, 1/y for Itakura–Saito
 */
export function divergenceOf(loss: Loss, x: Float64Array, against: Float64Array): number {
  let sum = 0;
  if (loss === 'kullback-leibler') {
    for (let i = 0; i < x.length; i++) {
      const value = x[i]!;
      if (value > tiny) sum += value * Math.log(against[i]!) - value;
    }
    return sum;
  }
  for (let i = 0; i < x.length; i++) {
    const ratio = x[i]! * against[i]!;
    sum += ratio - Math.log(ratio) - 1;
  }
  return sum;
}

/** Exponent of a step that never increases the divergence (Févotte & Idier 2011, eq. 29): 1 for β = 1, ½ for β = 0. */
export const stepExponent: Readonly<Record<Loss, number>> = { 'kullback-leibler': 1, 'itakura-saito': 0.5 };

/** Values below are set to 0: double precision's rounding unit, as in scikit-learn. */
const vanishing = 2 ** -52;

export interface DivergenceStep {
  k: number;
  loss: Loss;
  penalty: { l1: number; l2: number };
  /** whether values too small to matter become 0 */
  clip: boolean;
}

/**
 * One multiplicative step W ← W ∘ (numerator / (divisor + l1 + l2 W))^γ of some rows.
 * @param from old rows, from `at` on
 * @param to new rows, at the same place; may be the same array
 * @param numerator per value of W
 * @param divisor per value of W, or k values that hold for every row
 */
export function stepRows(
  { k, loss, penalty, clip }: DivergenceStep,
  from: Float64Array,
  to: Float64Array,
  at: number,
  numerator: Float64Array,
  divisor: Float64Array,
  rows: number,
): void {
  const { l1, l2 } = penalty;
  const same = divisor.length === k;
  const root = stepExponent[loss] === 0.5;
  for (let i = 0; i < rows * k; i++) {
    const value = from[at + i]!;
    const below = divisor[same ? i % k : i]! + l1 + l2 * value;
    const factor = numerator[i]! / (below === 0 ? tiny : below);
    const next = value * (root ? Math.sqrt(factor) : factor);
    to[at + i] = clip && next < vanishing ? 0 : next;
  }
}
