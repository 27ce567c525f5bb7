import type { Job, Pass } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';

/** Bytes of a row of `taskView`: as many elements as make a part worth a thread. */
const bytesOfTask = 32 * 1024;

/**
 * A view of one row per task, so that tasks that do not depend on each other are spread over the threads as rows are.
 * The rows hold nothing.
 */
export const taskView = (count: number): MatrixView => ({
  source: {
    kind: 'shared',
    buffer: new SharedArrayBuffer(count * bytesOfTask),
    dtype: 'uint8',
    samples: count,
    features: bytesOfTask,
  },
});

/**
 * A pass that does one task per row of a `taskView`.
 * @param work results of the tasks of one part, in order; `check` looks whether the job goes on
 */
export function taskPass<Shared, Result>(
  id: string,
  stateBytes: (shared: Shared) => number,
  work: (tasks: readonly number[], shared: Shared, check: () => void) => Result[],
  reduce: (results: Result[], shared: Shared) => Result[] = (results) => results,
): Pass<Shared, Result[]> {
  return {
    id,
    stateBytes: (_cols, shared) => stateBytes(shared),
    partial(_cols, shared, next) {
      const tasks: number[] = [];
      for (let block = next(); block; block = next()) {
        for (let r = 0; r < block.rows; r++) tasks.push(block.start + r);
      }
      // beyond the last row `next` only looks whether the job goes on
      return reduce(
        work(tasks, shared, () => void next()),
        shared,
      );
    },
    merge: (a, b) => [...a, ...b],
  };
}

export const runTasks = <Shared, Result>(
  pass: Pass<Shared, Result[]>,
  count: number,
  shared: Shared,
  job: Job,
  phase: number,
): Promise<Result[]> => job.run(pass, taskView(count), shared, phase);
