import type { Job } from '../../../job.ts';
import type { Random } from '../../../linalg/random.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareIndices } from '../../../passes/share.ts';
import { distance, nearestPass, squaredDistance } from './nearest-pass.ts';
import { runSized } from './small-run.ts';

/** Rows that are divided, as one array and as a view on it. */
export interface Rows {
  x: Float64Array<SharedArrayBuffer>;
  n: number;
  p: number;
  view: MatrixView;
}

const maxIterations = 300;
const tolerance = 1e-4;

/**
 * One run of k-means (Lloyd 1982) from greedy k-means++ centres, with scikit-learn's limits: the start of a mixture.
 * A centre without rows moves to the row that is farthest from its own centre.
 * @returns labels [n] and centres [k × p]
 */
export async function startFromKMeans(
  rows: Rows,
  k: number,
  random: Random,
  job: Job,
  phase: number,
): Promise<{ labels: Int32Array; centres: Float64Array }> {
  const { x, n, p } = rows;
  const chosen = spreadOutRows(x, n, p, k, random);
  let centres: Float64Array = new Float64Array(k * p);
  chosen.forEach((row, c) => centres.set(x.subarray(row * p, (row + 1) * p), c * p));
  const labels = shareIndices(new Int32Array(n).fill(-1));
  const bounds = { upper: job.allocate(n), lower: job.allocate(n) };
  const moved = new Float64Array(k);
  const counts = new Float64Array(k);
  const sums = new Float64Array(k * p);
  const least = tolerance * meanVariance(x, n, p);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    job.control.check();
    const shared = { centres, k, labels, moved, ...bounds };
    const change = await runSized(nearestPass, rows, shared, k, job, phase);
    if (change.changed === 0) break;
    change.counts.forEach((value, c) => (counts[c]! += value));
    change.sums.forEach((value, at) => (sums[at]! += value));
    fillEmpty(rows, k, labels, centres, counts, sums, bounds);
    const next = sums.map((sum, at) => {
      const count = counts[Math.floor(at / p)]!;
      return count === 0 ? centres[at]! : sum / count;
    });
    for (let c = 0; c < k; c++) moved[c] = distance(next, c * p, centres, c * p, p);
    centres = next;
    if (moved.reduce((sum, d) => sum + d * d, 0) <= least) break;
  }
  return { labels, centres };
}

/** Mean over the columns of the variance of each; the columns have mean 0. */
export function meanVariance(x: Float64Array, n: number, p: number): number {
  let sum = 0;
  for (let at = 0; at < n * p; at++) sum += x[at]! * x[at]!;
  return sum / (n * p);
}

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007): each next row is the best of 2 + ⌊ln k⌋ that are drawn with chances
 * proportional to the squared distance from the rows chosen before.
 * @returns k rows; some twice only when there are fewer different ones
 */
export function spreadOutRows(x: Float64Array, n: number, p: number, k: number, random: Random): Int32Array {
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = new Int32Array(k);
  chosen[0] = random.integer(n);
  let nearest = new Float64Array(n).fill(Infinity);
  let total = nearestWith(x, n, p, chosen[0], nearest, nearest);
  let trial = new Float64Array(n);
  let best = new Float64Array(n);
  for (let c = 1; c < k; c++) {
    let least = Infinity;
    for (let t = 0; t < trials; t++) {
      const row = total > 0 ? drawRow(nearest, total, random) : random.integer(n);
      const sum = nearestWith(x, n, p, row, nearest, trial);
      if (sum < least) {
        least = sum;
        chosen[c] = row;
        [trial, best] = [best, trial];
      }
    }
    [nearest, best] = [best, nearest];
    total = least;
  }
  return chosen;
}

/** Writes the squared distance of every row from the nearest chosen one when `row` is chosen as well; returns the sum. */
function nearestWith(
  x: Float64Array,
  n: number,
  p: number,
  row: number,
  nearest: Float64Array,
  out: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const d = Math.min(nearest[i]!, squaredDistance(x, i * p, x, row * p, p));
    out[i] = d;
    sum += d;
  }
  return sum;
}

function drawRow(weights: Float64Array, total: number, random: Random): number {
  let left = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) break;
  }
  return last;
}

/** Gives every centre without rows the row farthest from its own centre, one each. */
function fillEmpty(
  { x, n, p }: Rows,
  k: number,
  labels: Int32Array,
  centres: Float64Array,
  counts: Float64Array,
  sums: Float64Array,
  bounds: { upper: Float64Array; lower: Float64Array },
): void {
  const empty = Array.from({ length: k }, (_, c) => c).filter((c) => counts[c] === 0);
  if (empty.length === 0) return;
  const distances = Float64Array.from({ length: n }, (_, i) => distance(x, i * p, centres, labels[i]! * p, p));
  for (const c of empty) {
    let farthest = 0;
    for (let i = 1; i < n; i++) if (distances[i]! > distances[farthest]!) farthest = i;
    const from = labels[farthest]!;
    if (!(distances[farthest]! > 0) || counts[from] === 1) return;
    distances[farthest] = 0;
    labels[farthest] = c;
    // no bound holds any more: the next look measures this row anew
    bounds.upper[farthest] = Infinity;
    bounds.lower[farthest] = 0;
    counts[from]!--;
    counts[c] = 1;
    for (let j = 0; j < p; j++) {
      const value = x[farthest * p + j]!;
      sums[from * p + j]! -= value;
      sums[c * p + j] = value;
    }
  }
}
