import { kernels } from '../../../kernels/kernels.ts';
import type { Job } from '../../../job.ts';
import type { DenseRows } from '../pipeline/dense-rows.ts';
import { runTasks, taskPass } from '../lloyd/task-pass.ts';

interface PairShared {
  data: Float64Array;
  n: number;
  cols: number;
  /** condensed */
  out: Float64Array;
  squared: boolean;
  /** rows of each task, and how many tasks */
  bounds: Int32Array;
}

/** Rows beside which one row is put in kernel memory at once. */
const together = 256;

/** Distances of all pairs of rows, by differences. */
export const pairDistancesPass = taskPass<PairShared, null>(
  'cluster-pair-distances',
  () => 8,
  (tasks, shared, check) => {
    const { data, n, cols, out, squared, bounds } = shared;
    const kernel = kernels();
    kernel.scope((allocate) => {
      const [allAt, outAt] = [allocate(n * cols * 8), allocate(together * 8)];
      kernel.f64(allAt, n * cols).set(data);
      const row = (i: number): number => allAt + i * cols * 8;
      for (const task of tasks) {
        for (let i = bounds[task]!; i < bounds[task + 1]!; i++) {
          if (i % 16 === 0) check();
          const from = n * i - (i * (i + 1)) / 2 - i - 1;
          for (let first = i + 1; first < n; first += together) {
            const count = Math.min(together, n - first);
            kernel.run.squaredDistances(count, cols, 1, row(first), row(i), outAt);
            const found = kernel.f64(outAt, count);
            for (let r = 0; r < count; r++) out[from + first + r] = squared ? found[r]! : Math.sqrt(found[r]!);
          }
        }
      }
    });
    return [];
  },
);

/** Condensed distances of all rows, n(n − 1)/2 values; squared where asked. */
export async function pairDistances(
  { data, n, cols }: DenseRows,
  squared: boolean,
  job: Job,
  phase: number,
): Promise<Float64Array<SharedArrayBuffer>> {
  const out = job.allocate((n * (n - 1)) / 2);
  const tasks = Math.min(16, n - 1);
  // parts of equally many pairs
  const bounds = Int32Array.from({ length: tasks + 1 }, (_, t) => Math.round(n * (1 - Math.sqrt(1 - t / tasks))));
  await runTasks(pairDistancesPass, tasks, { data, n, cols, out, squared, bounds }, job, phase);
  return out;
}
