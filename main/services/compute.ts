import { MessageChannel } from 'node:worker_threads';
import { createControlBlock, requestStop } from '../../workers/control.ts';
import type { RunInput } from '../../workers/job.ts';
import { toPlainError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import type { PartAnswer, PartRequest } from '../../workers/tasks/lead.ts';
import { transferablesIn } from '../../workers/tasks/task.ts';
import type { Pool } from './pool.ts';

export interface ComputeRequest {
  operation: string;
  algorithm: string | null;
  input: RunInput;
  values: Record<string, unknown>;
  seed: number;
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

  own.on('message', ({ number, pass, view, shared, part }: PartRequest) => {
    pool
      .run('part', { number, pass, view, shared, part, control }, { signal: abort.signal })
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
