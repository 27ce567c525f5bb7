import type { PackedSystems } from './packed-systems.ts';

/** A point of the search: where it is, the direction of descent (−½ gradient) and the curvature at fixed loadings. */
export interface Point {
  factors: Float64Array;
  descent: Float64Array;
  systems: PackedSystems;
}

/** Steps that are remembered; more did not save any look at the data. */
const mostPairs = 10;
/** A pair whose curvature is below this share of its lengths is rounding. */
const leastCurvature = 1e-12;

interface Pair {
  /** change of F */
  s: Float64Array;
  /** change of ½ gradient */
  y: Float64Array;
  /** s·y */
  sy: number;
}

export interface Descent {
  /** Where to go from here: the quasi-Newton step, its first guess of the curvature being that of the systems. */
  direction(at: Point): Float64Array;
  remember(from: Point, to: Point): void;
  forget(): void;
}

/**
 * Limited-memory BFGS, two-loop recursion, in the metric of the systems of the columns.
 * @see Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4
 */
export function createDescent(): Descent {
  let pairs: Pair[] = [];
  return {
    direction({ descent, systems }) {
      const direction = descent.slice();
      const shares: number[] = [];
      for (const { s, y, sy } of pairs.toReversed()) {
        const share = dot(s, direction) / sy;
        shares.push(share);
        addTimes(direction, -share, y);
      }
      systems.solve(direction);
      const last = pairs.at(-1);
      if (last) {
        // The true curvature is at most that at fixed loadings: never shorter than a half-step.
        const scaled = last.y.slice();
        systems.solve(scaled);
        const stretch = Math.max(1, last.sy / dot(last.y, scaled));
        for (let i = 0; i < direction.length; i++) direction[i]! *= stretch;
      }
      for (const { s, y, sy } of pairs) addTimes(direction, shares.pop()! - dot(y, direction) / sy, s);
      return direction;
    },
    remember(from, to) {
      const s = to.factors.map((f, i) => f - from.factors[i]!);
      const y = from.descent.map((d, i) => d - to.descent[i]!);
      const sy = dot(s, y);
      if (!(sy > leastCurvature * Math.sqrt(dot(s, s) * dot(y, y)))) return;
      pairs.push({ s, y, sy });
      if (pairs.length > mostPairs) pairs.shift();
    },
    forget() {
      pairs = [];
    },
  };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTimes(to: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * x[i]!;
}
