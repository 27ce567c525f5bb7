import { openControl } from './control.ts';
import type { RowSource } from './model/rows.ts';
import { withRows } from './passes/hdf5-rows.ts';
import { createLocalJob } from './passes/local-job.ts';
import { passById } from './passes/registry.ts';
import { runPart } from './passes/run-part.ts';
import type * as ReadingTasks from './tasks/reading.ts';
import { sumsPass } from './passes/sums.ts';
import type { Family } from './specs/algorithm.ts';
import type { LeadTask, PartRequest } from './tasks/lead.ts';
import { runLead } from './tasks/lead.ts';
import { answer } from './tasks/task.ts';
import { warmUp } from './tasks/warm-up.ts';

/*
 * The pool's entry: every export is a task that a thread can run, by name. Threads that compute start without the readers
 * of all formats: those are most of the code.
 */

type Reading = typeof ReadingTasks;

const reads = <Name extends keyof Reading>(name: Name): Reading[Name] =>
  (async (task: never) => (await import('./tasks/reading.ts'))[name](task)) as unknown as Reading[Name];

export const header = reads('header');
export const load = reads('load');
export const loadPart = reads('loadPart');
export const preview = reads('preview');
export const overview = reads('overview');
export const overviewPart = reads('overviewPart');
export const navigator = reads('navigator');
export const boxSpectrum = reads('boxSpectrum');
export const pixelsSpectrum = reads('pixelsSpectrum');
export const residual = reads('residual');
export const inspect = reads('inspect');
export const renderFigure = reads('renderFigure');
export const derive = reads('derive');
export const locate = reads('locate');
export const pixelBlocks = reads('pixelBlocks');
export const putInOrder = reads('putInOrder');
export const values = reads('values');

export const part = (task: PartRequest & { control: Int32Array<SharedArrayBuffer> }) =>
  answer(() =>
    withRows(task.view.source, () =>
      runPart(passById(task.pass), task.view, task.shared, task.part, openControl(task.control)),
    ),
  );

/** The sum over some channels of every row (null: all channels), with the same bits as in a run. */
export const rowSums = (task: {
  source: RowSource;
  channels: Int32Array | null;
  rowSums: Float64Array<SharedArrayBuffer>;
  control: Int32Array<SharedArrayBuffer>;
}) =>
  answer(async () => {
    const view = { source: task.source, ...(task.channels === null ? {} : { columns: task.channels }) };
    await createLocalJob(0, openControl(task.control)).run(sumsPass, view, { rowSums: task.rowSums }, 0);
    return null;
  });

/** Makes a compute thread ready while the data are still being read. */
export const ready = (families: readonly Family[]) => answer(() => warmUp(families));

export const lead = (task: LeadTask) => answer(() => runLead(task));
