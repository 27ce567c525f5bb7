import { memory } from './estimate.ts';

/** Inverse curvature learned from steps and the changes of the gradient along them. */
export interface Curvature {
  /** Learns from a step between two points and the gradients there, unless the loss is not convex along it. */
  add(from: Place, to: Place): void;
  /** Writes the inverse curvature times a gradient to `out`; the gradient itself while nothing is known. */
  apply(gradient: Float64Array, out: Float64Array): void;
  isEmpty(): boolean;
  clear(): void;
}

export interface Place {
  point: Float64Array;
  gradient: Float64Array;
}

interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** stepᵀ change */
  product: number;
  /** changeᵀ change */
  square: number;
}

/** Curvature along a step below this share of the square of the change is rounding. */
const leastCurvature = 1e-12;

/**
 * Limited-memory BFGS, two-loop recursion. Holds 2 (memory + 1) vectors, which are used again and again.
 * @param length of points and gradients
 * @see Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4, scaling eq. 7.20
 */
export function createCurvature(length: number): Curvature {
  let pairs: Pair[] = [];
  let spare: Pair[] = [];
  const takeSpare = (): Pair =>
    spare.pop() ?? { step: new Float64Array(length), change: new Float64Array(length), product: 0, square: 0 };
  return {
    add(from, to) {
      const pair = takeSpare();
      subtract(to.point, from.point, pair.step);
      subtract(to.gradient, from.gradient, pair.change);
      pair.product = dot(pair.step, pair.change);
      pair.square = dot(pair.change, pair.change);
      if (!(pair.product > leastCurvature * pair.square)) {
        spare.push(pair);
        return;
      }
      pairs.push(pair);
      if (pairs.length > memory) spare.push(pairs.shift()!);
    },
    apply(gradient, out) {
      out.set(gradient);
      const shares = new Float64Array(pairs.length);
      for (let i = pairs.length - 1; i >= 0; i--) {
        const { step, change, product } = pairs[i]!;
        shares[i] = dot(step, out) / product;
        addScaled(out, change, -shares[i]!);
      }
      const last = pairs.at(-1);
      if (last) {
        const factor = last.product / last.square;
        for (let i = 0; i < out.length; i++) out[i]! *= factor;
      }
      pairs.forEach(({ step, change, product }, i) => addScaled(out, step, shares[i]! - dot(change, out) / product));
    },
    isEmpty: () => pairs.length === 0,
    clear() {
      spare = [...spare, ...pairs];
      pairs = [];
    },
  };
}

/** Σ a_i b_i by four sums, so that additions overlap. */
export function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** a += f b */
function addScaled(a: Float64Array, b: Float64Array, f: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += f * b[i]!;
}

function subtract(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
}
