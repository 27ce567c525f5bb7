import { kernels } from '../../../kernels/kernels.ts';
import type { Job } from '../../../job.ts';
import { createMatrix, transpose } from '../../../linalg/matrix.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import { runTasks, taskPass } from '../lloyd/task-pass.ts';

interface SilhouetteShared {
  /** points [n × cols] and the same transposed */
  points: Float64Array;
  transposed: Float64Array;
  n: number;
  cols: number;
  /** clusterings × n */
  labels: Int32Array;
  clusterings: number;
  /** most clusters of a clustering */
  k: number;
  /** clusterings × n */
  out: Float64Array;
  tasks: number;
}

/** Points whose distances to all are summed up in one call. */
const together = 16;

/** Silhouettes of the points of one task after the other; distances are looked at once and kept nowhere. */
export const silhouettePass = taskPass<SilhouetteShared, null>(
  'cluster-silhouette',
  () => 8,
  (tasks, shared, check) => {
    const { points, transposed, n, cols, labels, clusterings, k, out } = shared;
    const kernel = kernels();
    const counts = new Float64Array(clusterings * k);
    for (let m = 0; m < clusterings; m++) for (let i = 0; i < n; i++) counts[m * k + labels[m * n + i]!]!++;
    kernel.scope((allocate) => {
      const [allAt, pointsAt] = [allocate(n * cols * 8), allocate(together * cols * 8)];
      const [labelsAt, scratch] = [allocate(clusterings * n * 4), allocate(n * 8)];
      const sumsAt = allocate(together * clusterings * k * 8);
      kernel.f64(allAt, n * cols).set(transposed);
      const offsets = kernel.i32(labelsAt, clusterings * n);
      for (let i = 0; i < offsets.length; i++) offsets[i] = 8 * labels[i]!;
      for (const task of tasks) {
        const end = Math.floor(((task + 1) * n) / shared.tasks);
        for (let first = Math.floor((task * n) / shared.tasks); first < end; first += together) {
          check();
          const count = Math.min(together, end - first);
          kernel.f64(pointsAt, count * cols).set(points.subarray(first * cols, (first + count) * cols));
          kernel.run.clusterDistanceSums(n, cols, allAt, pointsAt, count, clusterings, labelsAt, k, sumsAt, scratch);
          const sums = kernel.f64(sumsAt, count * clusterings * k);
          for (let r = 0; r < count; r++) {
            for (let m = 0; m < clusterings; m++) {
              const i = first + r;
              out[m * n + i] = silhouetteOf(sums, (r * clusterings + m) * k, counts, m * k, k, labels[m * n + i]!);
            }
          }
        }
      }
    });
    return [];
  },
);

/** (b − a)/max(a, b) of one point from its summed distances to the clusters; 0 when it is alone in its own. */
function silhouetteOf(
  sums: Float64Array,
  from: number,
  counts: Float64Array,
  first: number,
  k: number,
  own: number,
): number {
  const size = counts[first + own]!;
  if (size < 2) return 0;
  const a = sums[from + own]! / (size - 1);
  let b = Infinity;
  for (let c = 0; c < k; c++) {
    if (c !== own && counts[first + c]! > 0) b = Math.min(b, sums[from + c]! / counts[first + c]!);
  }
  // all other clusters empty: nothing to compare with
  if (b === Infinity) return 0;
  const most = Math.max(a, b);
  return most === 0 ? 0 : (b - a) / most;
}

/**
 * Silhouettes of all points for several clusterings, exact and without a matrix of distances.
 * @param points n × cols
 * @param clusterings labels of the points, none below 0
 * @returns clusterings × n
 * @see Rousseeuw, J. Comput. Appl. Math. 20, 53 (1987)
 */
export async function silhouettes(
  points: Float64Array,
  n: number,
  cols: number,
  clusterings: readonly Int32Array[],
  k: number,
  job: Job,
  phase: number,
): Promise<Float64Array> {
  const labels = shareIndices(new Int32Array(clusterings.length * n));
  clusterings.forEach((own, m) => labels.set(own, m * n));
  const tasks = Math.max(1, Math.min(16, Math.ceil(n / together)));
  const transposed = shareFloats(job, transpose(createMatrix(n, cols, points)).data);
  const out = job.allocate(clusterings.length * n);
  const shared = { points, transposed, n, cols, labels, clusterings: clusterings.length, k, out, tasks };
  await runTasks(silhouettePass, tasks, shared, job, phase);
  return out;
}
