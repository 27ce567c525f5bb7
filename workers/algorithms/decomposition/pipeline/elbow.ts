export interface ElbowOptions {
  /** look at the logarithms of the values */
  log: boolean;
  /** at most this many points after the first are looked at */
  maxPoints: number;
  /** values below this share of the first are left out beforehand: numerically zero eigenvalues drag the line down */
  floor: number;
}

export const elbowDefaults: ElbowOptions = { log: true, maxPoints: 20, floor: 1e-12 };

/**
 * Index of the knee of a falling curve: the point farthest from the line through the first and the last point looked at
 * (the "kneedle" idea, Satopää et al. 2011; as in HyperSpy). 0 for curves of one or two points.
 * @param curve any positive values, largest first, e.g. explained variance ratios
 */
export function elbowPosition(curve: ArrayLike<number>, options: Partial<ElbowOptions> = {}): number {
  const { log, maxPoints, floor } = { ...elbowDefaults, ...options };
  const values = Array.from(curve);
  const lowest = log ? floor * (values[0] ?? 0) : -Infinity;
  const used = values
    .filter((value) => !(value < lowest))
    .map((value) => (log ? Math.log(Math.max(value, 1e-30)) : value));
  const last = Math.min(maxPoints, used.length - 1);
  if (last < 1) return 0;
  const [y0, yLast] = [used[0]!, used[last]!];
  const length = Math.hypot(last, yLast - y0);
  let best = 0;
  let farthest = 0;
  for (let x = 0; x < last; x++) {
    const distance = Math.abs(last * (y0 - used[x]!) + x * (yLast - y0)) / length;
    if (distance > farthest) {
      farthest = distance;
      best = x;
    }
  }
  return best;
}
