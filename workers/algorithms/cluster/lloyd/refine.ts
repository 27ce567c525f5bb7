import type { Job } from '../../../job.ts';
import { openView } from '../../../matrix-view.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import { labelSumsPass } from '../pipeline/label-sums-pass.ts';
import { kmeansRefinePass } from './refine-pass.ts';
import { roundingOf } from './rounding.ts';
import type { Space } from './space.ts';

export interface RefineOptions {
  k: number;
  maxIter: number;
  /** share of the mean column variance that the centres may still move by, see `refine` */
  tol: number;
  phase: number;
}

/** A clustering of all rows with all columns. */
export interface Fit {
  labels: Int32Array<SharedArrayBuffer>;
  inertia: number;
  iterations: number;
  converged: boolean;
}

/**
 * Lloyd's method with all columns from several clusterings at once: each iteration looks at the data once. A run is left
 * out of further looks when its centres move by no more than the tolerance; the best of them goes on until no row
 * changes its cluster.
 * @param starts labels of each run
 */
export async function refine(
  space: Space,
  starts: readonly Int32Array[],
  { k, maxIter, tol, phase }: RefineOptions,
  job: Job,
): Promise<Fit> {
  const { view, n, cols } = space;
  const labels = shareIndices(concat(starts, n));
  const { sums, counts } = await job.run(
    labelSumsPass,
    view,
    { labels, rows: n, k, clusterings: starts.length },
    phase,
  );
  const mean = meanOf(sums, counts, k, cols, n);
  const sharedMean = shareFloats(job, mean);
  const runs = starts.map((_, m) => ({
    labels: labels.subarray(m * n, (m + 1) * n),
    sums: sums.slice(m * k * cols, (m + 1) * k * cols),
    counts: counts.slice(m * k, (m + 1) * k),
    centres: new Float64Array(k * cols),
    inertia: Infinity,
    settled: false,
    converged: false,
  }));
  for (const run of runs) moveCentres(run, cols);
  const squareOfMean = mean.reduce((sum, value) => sum + value * value, 0);
  let scatter = -1;
  let iterations = 0;
  let active = runs;
  let isFinal = runs.length === 1;
  while (iterations < maxIter && active.length > 0) {
    job.control.check();
    iterations++;
    const current =
      active.length === runs.length
        ? labels
        : shareIndices(
            concat(
              active.map((run) => run.labels),
              n,
            ),
          );
    const places = placed(active, mean, k, cols, job);
    const shared = { mean: sharedMean, ...places, runs: active.length, k, labels: current, rows: n };
    const state = await job.run(kmeansRefinePass, view, shared, phase);
    active.forEach((run, m) => {
      if (current !== labels) run.labels.set(current.subarray(m * n, (m + 1) * n));
      add(run.sums, state.sums, m * k * cols);
      add(run.counts, state.counts, m * k);
      run.inertia = state.inertia[m]!;
      // known after the first look, from any run: the scatter about the mean does not depend on the clusters
      if (scatter < 0) scatter = scatterAbout(run, mean, cols);
      const rounding = roundingOf(n, scatter + n * squareOfMean);
      run.converged = state.changed[m] === 0 && !fillEmpty(run, state.far[m]!.row, view, cols, rounding);
      run.settled = moveCentres(run, cols) <= (tol * scatter) / (n * cols) || run.converged;
    });
    const best = runs.reduce((a, b) => (b.inertia < a.inertia ? b : a));
    job.control.objective(iterations, best.inertia);
    if (job.control.shouldKeep()) break;
    active = isFinal ? active.filter((run) => !run.converged) : active.filter((run) => !run.settled);
    if (active.length === 0 && !isFinal) {
      isFinal = true;
      active = best.converged ? [] : [best];
    }
  }
  const best = runs.reduce((a, b) => (b.inertia < a.inertia ? b : a));
  return {
    labels: shareIndices(best.labels),
    inertia: best.inertia,
    iterations,
    converged: best.converged || best.settled,
  };
}

interface RunState {
  labels: Int32Array;
  sums: Float64Array;
  counts: Float64Array;
  centres: Float64Array;
  inertia: number;
}

function concat(parts: readonly Int32Array[], n: number): Int32Array {
  const all = new Int32Array(parts.length * n);
  parts.forEach((part, m) => all.set(part, m * n));
  return all;
}

function meanOf(sums: Float64Array, counts: Float64Array, k: number, cols: number, n: number): Float64Array {
  const mean = new Float64Array(cols);
  for (let c = 0; c < k; c++) if (counts[c]! > 0) for (let j = 0; j < cols; j++) mean[j]! += sums[c * cols + j]! / n;
  return mean;
}

/** Centres ← means of the rows; an empty cluster's stays. @returns Σ of squares of their movements */
function moveCentres({ sums, counts, centres }: RunState, cols: number): number {
  let moved = 0;
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] === 0) continue;
    for (let j = c * cols; j < (c + 1) * cols; j++) {
      const mean = sums[j]! / counts[c]!;
      moved += (mean - centres[j]!) ** 2;
      centres[j] = mean;
    }
  }
  return moved;
}

/** Total scatter = inertia + Σ n_c ‖c − mean‖², with the centres that the inertia was measured from. */
function scatterAbout({ centres, counts, inertia }: RunState, mean: Float64Array, cols: number): number {
  let between = 0;
  for (let c = 0; c < counts.length; c++) {
    for (let j = 0; j < cols; j++) between += counts[c]! * (centres[c * cols + j]! - mean[j]!) ** 2;
  }
  return inertia + between;
}

/** Centres of the active runs as the pass takes them. */
function placed(runs: readonly RunState[], mean: Float64Array, k: number, cols: number, job: Job) {
  const all = runs.length * k;
  const centres = job.allocate(cols * all);
  const halves = new Float64Array(all);
  runs.forEach((run, m) => {
    for (let c = 0; c < k; c++) {
      const column = m * k + c;
      for (let j = 0; j < cols; j++) {
        const from = run.centres[c * cols + j]! - mean[j]!;
        centres[j * all + column] = from;
        halves[column]! += from * (from / 2 + mean[j]!);
      }
    }
  });
  return { centres, halves };
}

function add(to: Float64Array, from: Float64Array, offset: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += from[offset + i]!;
}

/**
 * The row farthest from its centre becomes the first empty cluster.
 * @param rounding squared distance below which a row is its centre
 * @returns whether there was one
 */
function fillEmpty(run: RunState, far: number, view: Space['view'], cols: number, rounding: number): boolean {
  const empty = run.counts.indexOf(0);
  const own = far < 0 ? -1 : run.labels[far]!;
  if (empty < 0 || own < 0 || run.counts[own]! < 2) return false;
  const open = openView(view);
  const row = new Float64Array(cols);
  try {
    open.read(far, far + 1, row);
  } finally {
    open.close();
  }
  let distance = 0;
  for (let j = 0; j < cols; j++) distance += (row[j]! - run.centres[own * cols + j]!) ** 2;
  if (distance <= rounding) return false;
  for (let j = 0; j < cols; j++) {
    run.sums[own * cols + j]! -= row[j]!;
    run.sums[empty * cols + j] = row[j]!;
  }
  run.counts[own]!--;
  run.counts[empty] = 1;
  run.labels[far] = empty;
  return true;
}
