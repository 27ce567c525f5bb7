/** How large the next steps are, and whether the search goes on. */
export interface StepSize {
  /** share of a full Newton step; 1 = full */
  readonly mu: number;
  /** whether steps are cut (`mu` counts), or full fixed-point steps */
  readonly isCut: boolean;
  /** Takes the change since the last iterate and since the one before it. */
  watch(iteration: number, change: number, changeOverTwo: number): void;
}

export interface StepSizeOptions {
  mu: number;
  stabilization: boolean;
  limit: number;
  maxIt: number;
}

/**
 * Steps are halved for one iteration when the search jumps to and fro between two points, and for good when it takes
 * more than half of the iterations that are allowed.
 * @see Hyvärinen, IEEE Trans. Neural Netw. 10, 626 (1999), section V.B (the stabilised form)
 */
export function createStepSize({ mu: given, stabilization, limit, maxIt }: StepSizeOptions): StepSize {
  const alwaysCut = given !== 1;
  let mu = given;
  let isCut = alwaysCut;
  let stroke = 0;
  let isLong = false;
  return {
    get mu() {
      return mu;
    },
    get isCut() {
      return isCut;
    },
    watch(iteration, change, changeOverTwo) {
      if (!(stabilization || alwaysCut) || change < limit) return;
      if (stroke === 0 && changeOverTwo < limit) {
        stroke = mu;
        mu /= 2;
        isCut = true;
      } else if (stroke !== 0) {
        mu = stroke;
        stroke = 0;
        isCut = alwaysCut || mu !== 1;
      } else if (!isLong && iteration > maxIt / 2) {
        isLong = true;
        mu /= 2;
        isCut = true;
      }
    },
  };
}
