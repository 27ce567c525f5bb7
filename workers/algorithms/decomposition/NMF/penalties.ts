export interface PenaltyValues {
  alpha_W: number;
  /** null: the same as alpha_W */
  alpha_H: number | null;
  l1_ratio: number;
}

export interface Penalty {
  /** weight of the sum of all values */
  l1: number;
  /** weight of half the sum of squares */
  l2: number;
}

/**
 * The weights of the penalties as scikit-learn scales them: those of W grow with the number of channels and those of H
 * with the number of pixels, so that they keep their balance with the error whatever the size of the data.
 */
export function findPenalties(values: PenaltyValues, pixels: number, channels: number): { w: Penalty; h: Penalty } {
  const { alpha_W: alphaW, l1_ratio: share } = values;
  const alphaH = values.alpha_H ?? alphaW;
  return {
    w: { l1: channels * alphaW * share, l2: channels * alphaW * (1 - share) },
    h: { l1: pixels * alphaH * share, l2: pixels * alphaH * (1 - share) },
  };
}

/** l1·Σx + ½·l2·Σx² of values that are not negative. */
export function costOf({ l1, l2 }: Penalty, values: Float64Array): number {
  if (l1 === 0 && l2 === 0) return 0;
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return l1 * sum + 0.5 * l2 * squares;
}
