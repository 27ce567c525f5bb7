import type { Job, Pass } from '../../../job.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { littleWork } from '../../../passes/partition.ts';

/** Bytes of a row of `taskView`: as many elements as make a part worth a thread. */
const bytesOfTask = 32 * 1024;

/**
 * A view of one row per task, so that tasks that do not depend on each other are spread over the threads as rows are.
 * The rows hold nothing; those of light tasks are shorter, so that several make a part.
 */
export const taskView = (count: number, features: number = bytesOfTask): MatrixView => ({
  source: {
    kind: 'shared',
    buffer: new SharedArrayBuffer(count * features),
    dtype: 'uint8',
    samples: count,
    features,
  },
});

/** A pass that does one task per row of a `taskView`. */
export interface TaskPass<Shared, Result> extends Pass<Shared, Result[]> {
  /** elements of a row of the view */
  width(shared: Shared): number;
}

/**
 * @param work results of the tasks of one part, in order; `check` looks whether the job goes on
 * @param operations arithmetic of a task on average, where it may be little: light tasks share a message, or stay in the
 *   lead thread
 */
export function taskPass<Shared, Result>(
  id: string,
  stateBytes: (shared: Shared) => number,
  work: (tasks: readonly number[], shared: Shared, check: () => void) => Result[],
  reduce: (results: Result[], shared: Shared) => Result[] = (results) => results,
  operations?: (shared: Shared) => number,
): TaskPass<Shared, Result> {
  const width = (shared: Shared): number =>
    Math.ceil(bytesOfTask * Math.min(1, operations === undefined ? 1 : operations(shared) / littleWork));
  return {
    id,
    width,
    takesNothing: true,
    ...(operations === undefined ? {} : { perValue: (cols, shared) => operations(shared) / cols }),
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
  pass: TaskPass<Shared, Result>,
  count: number,
  shared: Shared,
  job: Job,
  phase: number,
): Promise<Result[]> => job.run(pass, taskView(count, pass.width(shared)), shared, phase);
