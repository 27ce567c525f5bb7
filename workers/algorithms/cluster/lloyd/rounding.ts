const leastOperations = 32;

/**
 * Squared distance that may be rounding alone between a mean of up to n points and each of these where they are equal.
 * @param squares Σ‖x‖² of all n points
 */
export const roundingOf = (n: number, squares: number): number =>
  ((n + leastOperations) * Number.EPSILON) ** 2 * (squares / n);
