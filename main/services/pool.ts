import { Piscina } from 'piscina';
import { EigenscopeError, fromPlainError } from '../../workers/model/errors.ts';
import type * as Entry from '../../workers/entry.ts';
import type { Platform } from '../platform.ts';
import type { Family } from '../../workers/specs/algorithm.ts';
import type { TaskReply } from '../../workers/tasks/task.ts';

type Tasks = typeof Entry;
export type TaskName = keyof Tasks;
type Argument<T extends TaskName> = Parameters<Tasks[T]>[0];
type Answer<T extends TaskName> = Awaited<ReturnType<Tasks[T]>> extends TaskReply<infer V> ? V : never;

/** Which threads do a task: parts of jobs must never keep the cursor waiting, and leads only wait. */
const lane = {
  part: 'compute',
  ready: 'compute',
  lead: 'lead',
  load: 'load',
  loadPart: 'compute',
  overviewPart: 'compute',
  putInOrder: 'load',
  pixelBlocks: 'write',
  overview: 'scan',
  navigator: 'scan',
  residual: 'scan',
  derive: 'scan',
  pixelsSpectrum: 'scan',
  rowSums: 'scan',
  header: 'views',
  preview: 'views',
  boxSpectrum: 'views',
  inspect: 'views',
  locate: 'views',
  renderFigure: 'compute',
  values: 'views',
} as const satisfies Record<TaskName, string>;

type Lane = (typeof lane)[TaskName];

export interface Pool {
  run<T extends TaskName>(
    name: T,
    task: Argument<T>,
    options?: { signal?: AbortSignal; transfer?: readonly Transferable[] },
  ): Promise<Answer<T>>;
  /** the built entry of the threads of custom algorithms */
  readonly pluginFile: string;
  /**
   * Starts the compute threads while the data of a run are still being read.
   * @param families of the algorithms that will run
   */
  warmUp(families: readonly Family[]): void;
  close(): Promise<void>;
}

/** Threads work on few large arrays: the collector's default of 48 MiB for young objects is mostly waste in each of them. */
const youngMiB = 4;

/** A thread that ended without an answer: out of memory, killed, or aborted by us. */
function describeLoss(name: string, cause: unknown, aborted: boolean): EigenscopeError {
  if (aborted) return new EigenscopeError('cancelled', 'Cancelled.');
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EigenscopeError(
    'worker-lost',
    `The thread doing “${name}” ended unexpectedly (${reason}). Nothing that was saved is lost; try again, with smaller data or fewer components if memory is short.`,
    { task: name },
    cause,
  );
}

/**
 * The pool threads in lanes, started when first needed: `compute` for the parts of jobs (as many as `threads`),
 * `lead` for the thread of each job that waits for its parts, `load` and `scan` for
 * what reads a whole data set for the window (one thread each, because each holds a part of the file), `views` for what must follow the cursor.
 */
export function createPool({
  workerFile,
  pluginFile,
  threads,
  host,
}: Pick<Platform, 'workerFile' | 'pluginFile' | 'threads' | 'host'>): Pool {
  const sizes: Record<Lane, number> = { compute: threads, lead: 4, load: 1, scan: 1, write: 1, views: 2 };
  const pools = new Map<Lane, Piscina>();
  let closing = false;
  const open = (asked: Lane): Piscina => {
    // The command line has no cursor to follow and does one thing after the other: the thread that read the file leads.
    const which = host === 'cli' && asked !== 'compute' ? 'lead' : asked;
    let pool = pools.get(which);
    if (pool === undefined) {
      pool = new Piscina({
        filename: workerFile,
        minThreads: 0,
        maxThreads: sizes[which],
        idleTimeout: 20_000,
        resourceLimits: { maxYoungGenerationSizeMb: youngMiB },
      });
      // A thread that dies rejects its task, which is where it is reported; without a listener Node would end the process.
      pool.on('error', () => {});
      pools.set(which, pool);
    }
    return pool;
  };

  return {
    pluginFile,
    async run(name, task, { signal, transfer = [] } = {}) {
      let reply: TaskReply<Answer<typeof name>>;
      try {
        reply = (await open(lane[name]).run(task, {
          name,
          ...(signal === undefined ? {} : { signal }),
          transferList: [...transfer] as never,
        })) as TaskReply<Answer<typeof name>>;
      } catch (cause) {
        throw describeLoss(name, cause, closing || (signal?.aborted ?? false));
      }
      if (!reply.ok) throw fromPlainError(reply.error);
      return reply.value;
    },
    warmUp(families) {
      const compute = open(lane.ready);
      // Threads are started one per waiting task.
      for (let i = compute.threads.length; i < threads; i++) compute.run(families, { name: 'ready' }).catch(() => {});
      open(lane.lead);
    },
    async close() {
      closing = true;
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}
