/** Whether mini-batches may stop; see createStopping. */
export interface Stopping {
  /** @param change ‖D − D_old‖ of this step */
  take(step: number, batch: number, cost: number, change: number): boolean;
}

/** Steps that are not judged: the first costs say little. */
const unjudged = 100;

/**
 * scikit-learn's test for stopping, from the later of step 100 and the end of the first round on: the atoms hardly move, or the
 * exponentially averaged cost, in which a batch of b of n channels weighs b/(n + 1), finds no new minimum for
 * `maxNoImprovement` steps. 0 switches either off.
 */
export function createStopping(
  channels: number,
  k: number,
  perRound: number,
  tol: number,
  maxNoImprovement: number,
): Stopping {
  let average = NaN;
  let lowest = Infinity;
  let withoutImprovement = 0;
  return {
    take(step, batch, cost, change) {
      if (step + 1 <= Math.max(unjudged, perRound)) return false;
      const weight = Math.min(1, batch / (channels + 1));
      average = Number.isNaN(average) ? cost : average * (1 - weight) + cost * weight;
      if (tol > 0 && change / k <= tol) return true;
      if (average < lowest) {
        lowest = average;
        withoutImprovement = 0;
      } else withoutImprovement++;
      return maxNoImprovement > 0 && withoutImprovement >= maxNoImprovement;
    },
  };
}
