import type { Job } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createRandom, type Random } from '../../../linalg/random.ts';
import { openView, viewShape, type OpenView } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { plusPlus, randomRows, rowsAsCentres } from '../lloyd/seeding.ts';
import { nearestCentroids } from '../pipeline/nearest.ts';

export interface MiniBatchOptions {
  init: 'k-means++' | 'random';
  nInit: number;
  batchSize: number;
  maxIter: number;
  /** squared movement of the centres, relative to their own squares, at which the search ends; 0 = not used */
  tol: number;
  /** batches without a better smoothed inertia after which the search ends; null = not used */
  maxNoImprovement: number | null;
  /** rows from which starts are drawn; null = three batches */
  initSize: number | null;
  reassignmentRatio: number;
}

export const miniBatchDefaults: MiniBatchOptions = {
  init: 'k-means++',
  nInit: 3,
  batchSize: 1024,
  maxIter: 100,
  tol: 0,
  maxNoImprovement: 10,
  initSize: null,
  reassignmentRatio: 0.01,
};

export interface MiniBatchFit {
  labels: Int32Array;
  iterations: number;
  converged: boolean;
}

/**
 * k-means on small batches of rows drawn at random: centres are running means of the rows that came nearest to them.
 * @see Sculley, WWW, 1177 (2010)
 */
export async function fitMiniBatch(
  view: MatrixView,
  k: number,
  given: Partial<MiniBatchOptions>,
  job: Job,
  phase: number,
): Promise<MiniBatchFit> {
  const options = { ...miniBatchDefaults, ...given };
  const { rows: n, cols } = viewShape(view);
  const batchSize = Math.min(options.batchSize, n);
  const random = createRandom(job.seed).fork('minibatch').fork(k);
  const open = openView(view);
  let state: { centres: Float64Array; iterations: number; converged: boolean };
  try {
    const start = chooseStart(open, n, cols, k, batchSize, options, random, job);
    state = learn(open, n, cols, k, start, batchSize, options, random, job, phase);
  } finally {
    open.close();
  }
  const labels = await nearestCentroids(view, state.centres, k, job, phase);
  return { labels, iterations: state.iterations, converged: state.converged };
}

/** Some rows, in the order they are asked for. */
function readRows(open: OpenView, cols: number, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length * cols);
  const row = new Float64Array(cols);
  rows.forEach((index, i) => {
    open.read(index, index + 1, row);
    out.set(row, i * cols);
  });
  return out;
}

/** The best of several starts, by the inertia of rows that are set aside for that. */
function chooseStart(
  open: OpenView,
  n: number,
  cols: number,
  k: number,
  batchSize: number,
  { init, nInit, initSize }: MiniBatchOptions,
  random: Random,
  job: Job,
): Float64Array {
  const wanted = initSize ?? 3 * batchSize;
  const size = Math.min(n, wanted < k ? 3 * k : wanted);
  const draw = (): Float64Array => readRows(open, cols, drawn(random, n, size));
  const judge = draw();
  let best: { inertia: number; centres: Float64Array } = { inertia: Infinity, centres: new Float64Array(k * cols) };
  const kernel = kernels();
  for (let start = 0; start < nInit; start++) {
    job.control.check();
    const rows = draw();
    const centres = kernel.scope((allocate) => {
      const address = allocate(size * cols * 8);
      kernel.f64(address, size * cols).set(rows);
      const points = { n: size, cols, address };
      const check = (): void => job.control.check();
      const chosen = init === 'random' ? randomRows(points, k, random) : plusPlus(points, k, random, check);
      return rowsAsCentres(points, chosen);
    });
    const { inertia } = assign(judge, size, cols, centres, k);
    if (inertia < best.inertia) best = { inertia, centres };
  }
  return best.centres;
}

/** All rows where so many are wanted, else different ones at random. */
const drawn = (random: Random, n: number, size: number): Int32Array =>
  size === n ? Int32Array.from({ length: n }, (_, i) => i) : random.permutation(n).slice(0, size);

function learn(
  open: OpenView,
  n: number,
  cols: number,
  k: number,
  centres: Float64Array,
  batchSize: number,
  options: MiniBatchOptions,
  random: Random,
  job: Job,
  phase: number,
): { centres: Float64Array; iterations: number; converged: boolean } {
  const weights = new Float64Array(k);
  const steps = Math.max(1, Math.floor((options.maxIter * n) / batchSize));
  const smoothing = Math.min(1, (2 * batchSize) / (n + 1));
  let [smooth, least, without, since] = [NaN, Infinity, 0, 0];
  for (let step = 0; step < steps; step++) {
    job.control.check();
    job.control.progress(phase, step, steps);
    const batch = readRows(
      open,
      cols,
      Int32Array.from({ length: batchSize }, () => random.integer(n)),
    );
    const { labels, inertia } = assign(batch, batchSize, cols, centres, k);
    since += batchSize;
    const isTime = since >= 10 * k || weights.includes(0);
    if (isTime) since = 0;
    const moved = update(batch, labels, cols, centres, weights);
    if (isTime && options.reassignmentRatio > 0) {
      reassign(batch, batchSize, cols, centres, weights, options.reassignmentRatio, random);
    }
    // the first batch tells more of the start than of the data
    if (step === 0) continue;
    const mean = inertia / batchSize;
    smooth = Number.isNaN(smooth) ? mean : smooth * (1 - smoothing) + mean * smoothing;
    job.control.objective(step + 1, smooth * n);
    if (options.tol > 0 && moved <= options.tol) return { centres, iterations: step + 1, converged: true };
    if (smooth < least) [least, without] = [smooth, 0];
    else without++;
    if (options.maxNoImprovement !== null && without >= options.maxNoImprovement) {
      return { centres, iterations: step + 1, converged: true };
    }
    if (job.control.shouldKeep()) return { centres, iterations: step + 1, converged: false };
  }
  // to use up the rows was what was asked for when no other rule is there
  const converged = options.maxNoImprovement === null && options.tol === 0;
  return { centres, iterations: steps, converged };
}

/** Nearest centre of every row. */
function assign(
  rows: Float64Array,
  n: number,
  cols: number,
  centres: Float64Array,
  k: number,
): { labels: Int32Array; inertia: number } {
  const kernel = kernels();
  const labels = new Int32Array(n);
  let inertia = 0;
  kernel.scope((allocate) => {
    const [x, c, out] = [allocate(n * cols * 8), allocate(k * cols * 8), allocate(n * k * 8)];
    kernel.f64(x, n * cols).set(rows);
    kernel.f64(c, k * cols).set(centres);
    kernel.run.squaredDistances(n, cols, k, x, c, out);
    const squares = kernel.f64(out, n * k);
    for (let i = 0; i < n; i++) {
      let best = 0;
      for (let j = 1; j < k; j++) if (squares[i * k + j]! < squares[i * k + best]!) best = j;
      labels[i] = best;
      inertia += squares[i * k + best]!;
    }
  });
  return { labels, inertia };
}

/** Running means. @returns Σ of squares of the movements */
function update(
  batch: Float64Array,
  labels: Int32Array,
  cols: number,
  centres: Float64Array,
  weights: Float64Array,
): number {
  const before = centres.slice();
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(weights.length);
  labels.forEach((label, i) => {
    counts[label]!++;
    for (let j = 0; j < cols; j++) sums[label * cols + j]! += batch[i * cols + j]!;
  });
  let moved = 0;
  counts.forEach((count, c) => {
    if (count === 0) return;
    const total = weights[c]! + count;
    for (let j = c * cols; j < (c + 1) * cols; j++) {
      centres[j] = (centres[j]! * weights[c]! + sums[j]!) / total;
      moved += (centres[j]! - before[j]!) ** 2;
    }
    weights[c] = total;
  });
  return moved;
}

/** Centres that few rows came to begin anew at rows of the batch; at most half a batch of them. */
function reassign(
  batch: Float64Array,
  n: number,
  cols: number,
  centres: Float64Array,
  weights: Float64Array,
  ratio: number,
  random: Random,
): void {
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const few = Array.from(weights.keys())
    .filter((c) => weights[c]! < ratio * most)
    .sort((a, b) => weights[a]! - weights[b]! || a - b)
    .slice(0, Math.floor(n / 2));
  if (few.length === 0) return;
  const order = random.permutation(n);
  const anew = new Set(few);
  let least = Infinity;
  weights.forEach((weight, c) => {
    if (!anew.has(c)) least = Math.min(least, weight);
  });
  few.forEach((c, i) => {
    centres.set(batch.subarray(order[i]! * cols, (order[i]! + 1) * cols), c * cols);
    weights[c] = least;
  });
}
