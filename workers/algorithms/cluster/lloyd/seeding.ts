import { kernels } from '../../../kernels/kernels.ts';
import type { Random } from '../../../linalg/random.ts';
import type { Points } from './bounded-lloyd.ts';

/** k different points drawn at random [k × cols]; some twice where there are fewer. */
export function randomRows({ n, cols, address }: Points, k: number, random: Random): Float64Array {
  const points = kernels().f64(address, n * cols);
  const order = random.permutation(n);
  const out = new Float64Array(k * cols);
  for (let c = 0; c < k; c++) {
    const index = order[c % n]!;
    out.set(points.subarray(index * cols, (index + 1) * cols), c * cols);
  }
  return out;
}

/**
 * Greedy k-means++: each further centre is the best of 2 + ⌊ln k⌋ points that are drawn in proportion to their squared
 * distance from the centres so far. The draws do not depend on the numbers of points or threads in any other way.
 * @returns k × cols
 * @see Arthur & Vassilvitskii, SODA, 1027 (2007)
 */
export function plusPlus({ n, cols, address }: Points, k: number, random: Random, check: () => void): Float64Array {
  const kernel = kernels();
  const tries = 2 + Math.floor(Math.log(k));
  const out = new Float64Array(k * cols);
  return kernel.scope((allocate) => {
    const pointAt = allocate(cols * 8);
    let [closest, next, best] = [allocate(n * 8), allocate(n * 8), allocate(n * 8)];
    const distancesTo = (index: number, to: number): number => {
      kernel.f64(pointAt, cols).set(kernel.f64(address + index * cols * 8, cols));
      return kernel.run.nearerDistances(n, cols, address, pointAt, closest, to);
    };
    const take = (c: number, index: number): void => out.set(kernel.f64(address + index * cols * 8, cols), c * cols);
    kernel.f64(closest, n).fill(Infinity);
    const first = random.integer(n);
    take(0, first);
    let potential = distancesTo(first, next);
    [closest, next] = [next, closest];
    for (let c = 1; c < k; c++) {
      check();
      const targets = Float64Array.from({ length: tries }, () => random.uniform() * potential).sort();
      const candidates = pointsAt(kernel.f64(closest, n), targets);
      let least = Infinity;
      let chosen = candidates[0]!;
      for (const candidate of candidates) {
        const left = distancesTo(candidate, next);
        if (left >= least) continue;
        [least, chosen] = [left, candidate];
        [next, best] = [best, next];
      }
      take(c, chosen);
      potential = least;
      [closest, best] = [best, closest];
    }
    return out;
  });
}

/** The points at which the running sum of the weights passes the targets, which are in order; the last one beyond. */
function pointsAt(weights: Float64Array, targets: Float64Array): number[] {
  const found: number[] = [];
  let sum = 0;
  for (let i = 0, t = 0; i < weights.length && t < targets.length; i++) {
    sum += weights[i]!;
    for (; t < targets.length && targets[t]! < sum; t++) found.push(i);
  }
  while (found.length < targets.length) found.push(weights.length - 1);
  return found;
}
