import { createControlBlock, openControl, type JobControl } from '../control.ts';
import type { Job } from '../job.ts';
import { partition } from './partition.ts';
import { mergeInOrder, runPart } from './run-part.ts';

/** A job that runs every pass in the calling thread: same parts, same order of merging, same bits as the pool. */
export function createLocalJob(seed = 0, control: JobControl = openControl(createControlBlock())): Job {
  return {
    control,
    seed,
    run(pass, view, shared, phase) {
      const parts = partition(view, pass, shared);
      const total = parts.at(-1)?.end ?? 0;
      let done = 0;
      const states = parts.map((part) =>
        runPart(pass, view, shared, part, control, (rows) => {
          done += rows;
          control.progress(phase, done, total);
        }),
      );
      return Promise.resolve(mergeInOrder(pass, states));
    },
    allocate: (elements) => new Float64Array(new SharedArrayBuffer(elements * Float64Array.BYTES_PER_ELEMENT)),
  };
}
