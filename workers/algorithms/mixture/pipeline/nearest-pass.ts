import type { Block, Pass } from '../../../job.ts';

export interface NearestShared {
  /** k × p, row-major */
  centres: Float64Array;
  k: number;
  /** [rows] the centre of every row, −1 before the first look; shared memory, read and written like the bounds */
  labels: Int32Array;
  /** [rows] at least the distance to the own centre, and at most that to any other */
  upper: Float64Array;
  lower: Float64Array;
  /** how far every centre moved since the last look */
  moved: Float64Array;
}

export interface NearestState {
  /** by how much the number of rows of each centre changed */
  counts: Float64Array;
  /** by how much their sums changed, k × p */
  sums: Float64Array;
  /** rows that changed their centre */
  changed: number;
}

/**
 * One step of k-means: the nearest centre of every row. Bounds from the triangle inequality (Hamerly, SIAM Int. Conf. Data
 * Mining 2010) tell for most rows without a look at them that their centre is still the nearest: same clusters, a
 * fraction of the distances.
 */
export const nearestPass: Pass<NearestShared, NearestState> = {
  id: 'mixture-nearest',
  stateBytes: (cols, { k }) => 8 * k * (cols + 1),
  partial(cols, shared, next) {
    const { centres, k, moved } = shared;
    const state = { counts: new Float64Array(k), sums: new Float64Array(k * cols), changed: 0 };
    const motion = { safe: halfGaps(centres, k, cols), moved, largest: largestTwo(moved) };
    // the loop over rows is a function of its own, which is compiled once: here every call has another `next`
    for (let block = next(); block; block = next()) assignBlock(block, cols, shared, motion, state);
    return state;
  },
  merge(a, b) {
    for (let c = 0; c < a.counts.length; c++) a.counts[c]! += b.counts[c]!;
    for (let j = 0; j < a.sums.length; j++) a.sums[j]! += b.sums[j]!;
    a.changed += b.changed;
    return a;
  },
};

interface Motion {
  /** rows closer to a centre than this belong to it */
  safe: Float64Array;
  moved: Float64Array;
  /** the centres that moved farthest and second farthest */
  largest: [number, number];
}

function assignBlock(
  { data, rows, start }: Block,
  cols: number,
  { centres, k, labels, upper, lower }: NearestShared,
  { safe, moved, largest: [fastest, second] }: Motion,
  state: NearestState,
): void {
  for (let i = 0; i < rows; i++) {
    const row = start + i;
    const own = labels[row]!;
    if (own >= 0) {
      const others = own === fastest ? moved[second]! : moved[fastest]!;
      const bound = (lower[row]! -= others);
      const enough = Math.max(bound, safe[own]!);
      upper[row]! += moved[own]!;
      if (upper[row]! <= enough) continue;
      upper[row] = distance(data, i * cols, centres, own * cols, cols);
      if (upper[row]! <= enough) continue;
    }
    let best = 0;
    let least = Infinity;
    let runnerUp = Infinity;
    for (let c = 0; c < k; c++) {
      const d = squaredDistance(data, i * cols, centres, c * cols, cols);
      if (d < least) {
        runnerUp = least;
        least = d;
        best = c;
      } else if (d < runnerUp) runnerUp = d;
    }
    upper[row] = Math.sqrt(least);
    lower[row] = Math.sqrt(runnerUp);
    if (best === own) continue;
    labels[row] = best;
    state.changed++;
    state.counts[best]!++;
    addRow(state.sums, best * cols, data, i * cols, cols, 1);
    if (own < 0) continue;
    state.counts[own]!--;
    addRow(state.sums, own * cols, data, i * cols, cols, -1);
  }
}

/** Euclidean distance of two rows. */
export const distance = (x: Float64Array, from: number, y: Float64Array, other: number, p: number): number =>
  Math.sqrt(squaredDistance(x, from, y, other, p));

export function squaredDistance(x: Float64Array, from: number, y: Float64Array, other: number, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) {
    const d = x[from + j]! - y[other + j]!;
    sum += d * d;
  }
  return sum;
}

/** Half the distance from every centre to the nearest other one: rows closer than that belong to it. */
function halfGaps(centres: Float64Array, k: number, p: number): Float64Array {
  const half = new Float64Array(k).fill(Infinity);
  for (let c = 0; c < k; c++) {
    for (let other = 0; other < c; other++) {
      const d = distance(centres, c * p, centres, other * p, p) / 2;
      if (d < half[c]!) half[c] = d;
      if (d < half[other]!) half[other] = d;
    }
  }
  return half;
}

/** Indices of the largest and the second largest value; the same one when there is one. */
function largestTwo(values: Float64Array): [number, number] {
  let [first, second] = values.length > 1 ? [1, 0] : [0, 0];
  if (values[second]! > values[first]!) [first, second] = [second, first];
  for (let c = 2; c < values.length; c++) {
    if (values[c]! > values[first]!) [first, second] = [c, first];
    else if (values[c]! > values[second]!) second = c;
  }
  return [first, second];
}

function addRow(sums: Float64Array, to: number, data: Float64Array, from: number, count: number, sign: number): void {
  for (let j = 0; j < count; j++) sums[to + j]! += sign * data[from + j]!;
}
