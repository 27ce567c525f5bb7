import { kernels } from '../../../kernels/kernels.ts';
import type { Random } from '../../../linalg/random.ts';
import type { Points } from './bounded-lloyd.ts';

/** Rows of k different points drawn at random; some twice where there are fewer. */
export function randomRows({ n }: Points, k: number, random: Random): Int32Array {
  const order = random.permutation(n);
  return Int32Array.from({ length: k }, (_, c) => order[c % n]!);
}

/** These rows of the points, as centres [rows.length × cols]. */
export function rowsAsCentres({ n, cols, address }: Points, rows: Int32Array): Float64Array {
  const points = kernels().f64(address, n * cols);
  const out = new Float64Array(rows.length * cols);
  rows.forEach((row, c) => out.set(points.subarray(row * cols, (row + 1) * cols), c * cols));
  return out;
}

/**
 * Greedy k-means++: each further centre is the best of 2 + ⌊ln k⌋ points that are drawn in proportion to their squared
 * distance from the centres so far. The draws do not depend on the numbers of points or threads in any other way.
 * @returns k rows
 * @see Arthur & Vassilvitskii, SODA, 1027 (2007)
 */
export function plusPlus({ n, cols, address }: Points, k: number, random: Random, check: () => void): Int32Array {
  const kernel = kernels();
  const tries = 2 + Math.floor(Math.log(k));
  const out = new Int32Array(k);
  return kernel.scope((allocate) => {
    const pointAt = allocate(cols * 8);
    const targetsAt = allocate(tries * 8);
    const candidatesAt = allocate(tries * 4);
    let [closest, next, best] = [allocate(n * 8), allocate(n * 8), allocate(n * 8)];
    const distancesTo = (index: number, to: number): number => {
      kernel.f64(pointAt, cols).set(kernel.f64(address + index * cols * 8, cols));
      return kernel.run.nearerDistances(n, cols, address, pointAt, closest, to);
    };
    kernel.f64(closest, n).fill(Infinity);
    out[0] = random.integer(n);
    let potential = distancesTo(out[0], next);
    [closest, next] = [next, closest];
    for (let c = 1; c < k; c++) {
      check();
      const targets = Float64Array.from({ length: tries }, () => random.uniform() * potential).sort();
      kernel.f64(targetsAt, tries).set(targets);
      kernel.run.whereSumsPass(n, closest, tries, targetsAt, candidatesAt);
      const candidates = kernel.i32(candidatesAt, tries).slice();
      let least = Infinity;
      let chosen = candidates[0]!;
      for (const candidate of candidates) {
        const left = distancesTo(candidate, next);
        if (left >= least) continue;
        [least, chosen] = [left, candidate];
        [next, best] = [best, next];
      }
      out[c] = chosen;
      potential = least;
      [closest, best] = [best, closest];
    }
    return out;
  });
}
