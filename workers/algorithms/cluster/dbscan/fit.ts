import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareIndices } from '../../../passes/share.ts';
import { runTasks } from '../lloyd/task-pass.ts';
import { denseRows } from '../pipeline/dense-rows.ts';
import { kDistances } from './k-distances.ts';
import { borderPass, corePointsPass, joinForests, linkCoresPass, rootOf } from './neighbours-pass.ts';

export interface DbscanFit {
  /** −1 = noise */
  labels: Int32Array;
  k: number;
  cores: number;
  /** distances to the `minSamples`-th neighbour, largest first */
  kDistances: Float64Array;
}

/**
 * Clusters of points in dense surroundings. The classic method visits points one after the other; here core points are
 * joined in any order, which gives the same clusters: they are the connected parts of the core points, numbered by their
 * first point, and a border point goes to the first cluster in that order that reaches it.
 * @see Ester et al., KDD, 226 (1996)
 */
export async function fitDbscan(
  view: MatrixView,
  eps: number,
  minSamples: number,
  job: Job,
  phases: { count: number; join: number },
): Promise<DbscanFit> {
  const { rows: n } = viewShape(view);
  const points = await denseRows(view, job, phases.count);
  const { data, cols } = points;
  const tasks = Math.min(16, n);
  const bounds = Int32Array.from({ length: tasks + 1 }, (_, t) => Math.floor((t * n) / tasks));
  const core = new Uint8Array(new SharedArrayBuffer(n));
  const shared = { data, n, cols, bounds, squaredEps: eps * eps, minSamples, core };
  await runTasks(corePointsPass, tasks, shared, job, phases.count);
  const forests = await runTasks(linkCoresPass, tasks, shared, job, phases.join);
  const forest = forests.reduce(joinForests);
  const clusters = shareIndices(new Int32Array(n).fill(-1));
  let k = 0;
  for (let i = 0; i < n; i++) {
    if (core[i] === 0) continue;
    const root = rootOf(forest, i);
    clusters[i] = root === i ? k++ : clusters[root]!;
  }
  const anchors = shareIndices(clusters);
  await runTasks(borderPass, tasks, { ...shared, anchors, clusters }, job, phases.join);
  const cores = core.reduce((sum, is) => sum + is, 0);
  return { labels: anchors, k, cores, kDistances: await kDistances(points, minSamples, job, phases.join) };
}
