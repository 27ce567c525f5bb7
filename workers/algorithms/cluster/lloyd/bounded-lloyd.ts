import { kernels } from '../../../kernels/kernels.ts';
import type { Random } from '../../../linalg/random.ts';
import { roundingOf } from './rounding.ts';
import { plusPlus, randomRows, rowsAsCentres } from './seeding.ts';

export interface LloydOptions {
  k: number;
  init: 'k-means++' | 'random';
  maxIter: number;
  /**
   * the search ends when no point changes its cluster, or when the squared movement of all centres together is at most
   * this share of the mean variance of the columns
   */
  tol: number;
  /** where to begin instead of a random start [k × cols] */
  centres?: Float64Array;
}

/** What one start leads to. */
export interface LloydResult {
  /** cluster of every point */
  labels: Int32Array;
  /** k × cols */
  centres: Float64Array;
  /** Σ‖x − c‖² */
  inertia: number;
  iterations: number;
  converged: boolean;
}

/** Points in kernel memory. */
export interface Points {
  n: number;
  cols: number;
  address: number;
}

/**
 * Lloyd's method from one random start. Hamerly's bounds (one lower, one upper per point) tell for most points that
 * their cluster cannot have changed, without a distance: the same partitions as the plain method in a fraction of the
 * work. Sums are kept up to date by the points that change.
 * @param check called once per iteration
 * @see Lloyd, IEEE Trans. Inf. Theory 28, 129 (1982); Hamerly, SDM, 130 (2010)
 */
export function lloyd(points: Points, options: LloydOptions, random: Random, check: () => void): LloydResult {
  const kernel = kernels();
  const { n, cols, address } = points;
  const { k, init, maxIter, tol } = options;
  return kernel.scope((allocate) => {
    const centresAt = allocate(k * cols * 8);
    const [labelsAt, upperAt, lowerAt] = [allocate(n * 4), allocate(n * 8), allocate(n * 8)];
    const [shiftAt, halfAt, sumsAt, countsAt] = [
      allocate(k * 8),
      allocate(k * 8),
      allocate(k * cols * 8),
      allocate(k * 4),
    ];
    const drawn = (): Int32Array =>
      init === 'random' ? randomRows(points, k, random) : plusPlus(points, k, random, check);
    const start = options.centres ?? rowsAsCentres(points, drawn());
    kernel.f64(centresAt, k * cols).set(start);
    const tolerance = tol === 0 ? 0 : tol * kernel.run.meanVariance(n, cols, address, sumsAt);
    const rounding = roundingOf(n, kernel.run.dot(n * cols, address, address));
    kernel.i32(labelsAt, n).fill(-1);
    kernel.f64(sumsAt, k * cols).fill(0);
    kernel.i32(countsAt, k).fill(0);
    kernel.f64(shiftAt, k).fill(0);
    const state: Movement = { index: 0, most: 0, other: 0, total: Infinity };
    let iterations = 0;
    let converged = false;
    while (iterations < maxIter && !converged) {
      check();
      iterations++;
      const centres = kernel.f64(centresAt, k * cols);
      halfDistances(centres, k, cols, kernel.f64(halfAt, k));
      let changed = kernel.run.boundedLloyd(
        n, cols, k, address, centresAt, labelsAt, upperAt, lowerAt,
        shiftAt, halfAt, state.index, state.most, state.other, sumsAt, countsAt,
      ); // prettier-ignore
      const counts = kernel.i32(countsAt, k);
      if (counts.includes(0)) {
        changed += fillEmpty({
          points: kernel.f64(address, n * cols),
          cols,
          centres,
          labels: kernel.i32(labelsAt, n),
          upper: kernel.f64(upperAt, n),
          lower: kernel.f64(lowerAt, n),
          sums: kernel.f64(sumsAt, k * cols),
          counts,
          rounding,
        });
      }
      move(centres, kernel.f64(sumsAt, k * cols), counts, cols, kernel.f64(shiftAt, k), state);
      converged = changed === 0 || state.total <= tolerance;
    }
    const labels = kernel.i32(labelsAt, n).slice();
    const centres = kernel.f64(centresAt, k * cols).slice();
    const inertia = kernel.run.inertia(n, cols, address, centresAt, labelsAt);
    return { labels, centres, inertia, iterations, converged };
  });
}

interface Movement {
  /** the centre that moved farthest, by how much, and the farthest of the others */
  index: number;
  most: number;
  other: number;
  /** Σ of squares of all movements */
  total: number;
}

/** Centres ← means of their points; an empty cluster's stays. */
function move(
  centres: Float64Array,
  sums: Float64Array,
  counts: Int32Array,
  cols: number,
  shift: Float64Array,
  state: Movement,
): void {
  Object.assign(state, { index: 0, most: 0, other: 0, total: 0 });
  for (let c = 0; c < counts.length; c++) {
    let square = 0;
    if (counts[c]! > 0) {
      for (let j = c * cols; j < (c + 1) * cols; j++) {
        const mean = sums[j]! / counts[c]!;
        square += (mean - centres[j]!) ** 2;
        centres[j] = mean;
      }
    }
    // bounds must not be undone by rounding
    const distance = Math.sqrt(square) * (1 + 1e-14);
    shift[c] = distance;
    state.total += square;
    if (distance > state.most) [state.index, state.other, state.most] = [c, state.most, distance];
    else if (distance > state.other) state.other = distance;
  }
}

function halfDistances(centres: Float64Array, k: number, cols: number, half: Float64Array): void {
  half.fill(Infinity);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < a; b++) {
      let square = 0;
      for (let j = 0; j < cols; j++) square += (centres[a * cols + j]! - centres[b * cols + j]!) ** 2;
      const distance = Math.sqrt(square) / 2;
      if (distance < half[a]!) half[a] = distance;
      if (distance < half[b]!) half[b] = distance;
    }
  }
}

interface Assignment {
  points: Float64Array;
  cols: number;
  centres: Float64Array;
  labels: Int32Array;
  upper: Float64Array;
  lower: Float64Array;
  sums: Float64Array;
  counts: Int32Array;
  /** squared distance below which a point is its centre */
  rounding: number;
}

/**
 * Gives each empty cluster the point farthest from its centre, as scikit-learn does; where fewer different points than
 * clusters are there, the rest stays empty.
 * @returns how many were filled
 */
function fillEmpty(assignment: Assignment): number {
  const { points, cols, centres, labels, upper, lower, sums, counts, rounding } = assignment;
  let filled = 0;
  for (let empty = 0; empty < counts.length; empty++) {
    if (counts[empty]! > 0) continue;
    let farthest = Math.sqrt(rounding);
    let chosen = -1;
    for (let i = 0; i < labels.length; i++) {
      const own = labels[i]!;
      // the bound is above the distance: most points need no look
      if (counts[own]! < 2 || !(upper[i]! > farthest)) continue;
      let square = 0;
      for (let j = 0; j < cols; j++) square += (points[i * cols + j]! - centres[own * cols + j]!) ** 2;
      const distance = Math.sqrt(square);
      if (distance > farthest) [farthest, chosen] = [distance, i];
    }
    if (chosen < 0) return filled;
    const own = labels[chosen]!;
    for (let j = 0; j < cols; j++) {
      const value = points[chosen * cols + j]!;
      sums[own * cols + j]! -= value;
      sums[empty * cols + j] = value;
    }
    counts[own]!--;
    counts[empty] = 1;
    labels[chosen] = empty;
    // the movement of the centre, which is about to come here, is added to it
    upper[chosen] = 0;
    lower[chosen] = 0;
    filled++;
  }
  return filled;
}
