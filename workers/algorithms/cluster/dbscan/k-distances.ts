import { kernels } from '../../../kernels/kernels.ts';
import type { Job } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { shareIndices } from '../../../passes/share.ts';
import { runTasks, taskPass } from '../lloyd/task-pass.ts';
import type { DenseRows } from '../pipeline/dense-rows.ts';

interface DistancesShared {
  data: Float64Array;
  n: number;
  cols: number;
  /** points that are looked at, and which of them each task takes */
  points: Int32Array;
  tasks: number;
  order: number;
}

/** Points that the curve is drawn from. */
const mostPoints = 2000;

export const kDistancesPass = taskPass<DistancesShared, Float64Array>(
  'dbscan-k-distances',
  () => 8 * mostPoints,
  (tasks, shared, check) => {
    const { data, n, cols, points, order } = shared;
    const kernel = kernels();
    return kernel.scope((allocate) => {
      const [allAt, outAt] = [allocate(n * cols * 8), allocate(n * 8)];
      kernel.f64(allAt, n * cols).set(data);
      return tasks.map((task) => {
        const end = Math.floor(((task + 1) * points.length) / shared.tasks);
        const first = Math.floor((task * points.length) / shared.tasks);
        return Float64Array.from({ length: end - first }, (_, i) => {
          check();
          kernel.run.squaredDistances(n, cols, 1, allAt, allAt + points[first + i]! * cols * 8, outAt);
          return Math.sqrt(kernel.f64(outAt, n).slice().sort()[order]!);
        });
      });
    });
  },
);

/**
 * Distances of points to their `minSamples`-th neighbour, themselves counted, largest first: where the curve bends is a
 * good `eps`. Of large maps, of 2000 pixels drawn at random.
 */
export async function kDistances(
  { data, n, cols }: DenseRows,
  minSamples: number,
  job: Job,
  phase: number,
): Promise<Float64Array> {
  const all = n <= mostPoints;
  const drawn = createRandom(job.seed).fork('k-distances').permutation(n);
  const points = shareIndices(all ? Int32Array.from({ length: n }, (_, i) => i) : drawn.slice(0, mostPoints));
  const tasks = Math.min(16, points.length);
  const order = Math.min(minSamples, n) - 1;
  const found = await runTasks(kDistancesPass, tasks, { data, n, cols, points, tasks, order }, job, phase);
  return Float64Array.from(found.flatMap((part) => [...part]))
    .sort()
    .reverse();
}
