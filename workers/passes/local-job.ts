import { createControlBlock, openControl, type JobControl } from '../control.ts';
import type { Job } from '../job.ts';
import { withRows } from './hdf5-rows.ts';
import { partition } from './partition.ts';
import { createRowFile } from './row-target.ts';
import { mergeInOrder, runPart } from './run-part.ts';

/**
 * A job that runs every pass in the calling thread: same parts, same order of merging, same bits as the pool.
 * @param rowFolder where arrays of the size of the data go; null = shared memory
 */
export function createLocalJob(
  seed = 0,
  control: JobControl = openControl(createControlBlock()),
  rowFolder: string | null = null,
): Job {
  const allocate = (elements: number) =>
    new Float64Array(new SharedArrayBuffer(elements * Float64Array.BYTES_PER_ELEMENT));
  return {
    control,
    seed,
    run(pass, view, shared, phase) {
      const parts = partition(view, pass, shared);
      const total = parts.at(-1)?.end ?? 0;
      let done = 0;
      return withRows(view.source, () => {
        const states = parts.map((part) =>
          runPart(pass, view, shared, part, control, (rows) => {
            done += rows;
            control.progress(phase, done, total);
          }),
        );
        return mergeInOrder(pass, states);
      });
    },
    allocate,
    allocateRows: (name, elements) =>
      rowFolder === null ? { kind: 'shared', data: allocate(elements) } : createRowFile(rowFolder, name),
  };
}
