/** Iterations from one look at the error to the next. */
export const errorEvery = 10;

/**
 * scikit-learn's stopping rule of multiplicative steps: every tenth iteration √(2·error) is looked at, and it ends when
 * that fell by less than `tol` times its first value since the last look. A tolerance of 0 never stops.
 */
export interface ErrorRule {
  /** the error of the start */
  begin(error: number): void;
  /** whether it has settled, told the error after an iteration whose number errorEvery divides */
  isSettled(error: number): boolean;
}

export function createErrorRule(tol: number): ErrorRule {
  let first = 0;
  let last = 0;
  return {
    begin(error) {
      first = Math.sqrt(2 * Math.max(0, error));
      last = first;
    },
    isSettled(error) {
      const now = Math.sqrt(2 * Math.max(0, error));
      const settled = tol > 0 && (first === 0 || (last - now) / first < tol);
      last = now;
      return settled;
    },
  };
}
