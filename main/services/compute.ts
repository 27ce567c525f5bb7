import { MessageChannel } from 'node:worker_threads';
import { createControlBlock, requestStop } from '../../workers/control.ts';
import type { RunInput } from '../../workers/job.ts';
import { toPlainError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import type { PartAnswer, PartRequest, PluginCall, PluginRequest } from '../../workers/tasks/lead.ts';
import { transferablesIn } from '../../workers/tasks/task.ts';
import { runPluginThread } from './plugin-thread.ts';
import type { Pool } from './pool.ts';

export interface ComputeRequest {
  operation: string;
  algorithm: string | null;
  input: RunInput;
  values: Record<string, unknown>;
  seed: number;
  /** a custom algorithm in place of one of ours */
  plugin?: PluginCall | null;
  /** where arrays of the size of the data are written; memory when left out */
  rowFolder?: string | null;
  /** the most that one array in memory may take, bytes */
  mostBytes?: number;
}

export interface Computation {
  control: Int32Array<SharedArrayBuffer>;
  done: Promise<{ output: AlgorithmOutput; seconds: number }>;
  /** `keep` returns the current iterate where the algorithm can; otherwise threads that do not stop by themselves are ended. */
  stop(how: 'cancel' | 'keep'): void;
}

/** How long a cancelled thread may take to notice before it is ended. */
const graceMs = 1500;

/**
 * Runs one algorithm: a lead thread holds the algorithm, and the parts of its passes are spread over the compute lane.
 * @throws (through `done`) what the algorithm throws; `cancelled`; `worker-lost`.
 */
export function startComputation(pool: Pool, request: ComputeRequest): Computation {
  const control = createControlBlock();
  const abort = new AbortController();
  const { port1: own, port2: theirs } = new MessageChannel();

  own.on('message', (request: PartRequest | PluginRequest) => {
    const { number } = request;
    const answer =
      'plugin' in request
        ? runPluginThread(pool.pluginFile, { ...request.plugin, control }, request.memoryMiB, abort.signal)
        : pool.run('part', { ...request, control }, { signal: abort.signal });
    answer
      .then(
        (value) => ({ number, reply: { ok: true, value } }) satisfies PartAnswer,
        (thrown: unknown) => ({ number, reply: { ok: false, error: toPlainError(thrown) } }) satisfies PartAnswer,
      )
      .then((answer) => own.postMessage(answer, [...transferablesIn(answer)]));
  });

  const done = pool
    .run('lead', { ...request, control, port: theirs }, { signal: abort.signal, transfer: [theirs as never] })
    .finally(() => own.close());

  return {
    control,
    done,
    stop(how) {
      requestStop(control, how);
      if (how === 'keep') return;
      const timer = setTimeout(() => abort.abort(), graceMs);
      done.catch(() => {}).finally(() => clearTimeout(timer));
    },
  };
}
