import { Worker } from 'node:worker_threads';
import { EigenscopeError, fromPlainError } from '../../workers/model/errors.ts';
import type { PluginAnswer, PluginTask } from '../../workers/plugins/contract.ts';
import type { TaskReply } from '../../workers/tasks/task.ts';

const watchMs = 100;
const mib = 2 ** 20;

/**
 * Runs a custom algorithm in a thread of its own, which ends with it. The heap is limited by the engine; arrays lie
 * outside of the heap and are watched.
 * @param file the built entry of that thread
 * @throws EigenscopeError `plugin-failed` when the module throws, answers wrongly, needs too much or ends its thread;
 *   `cancelled` after an abort
 */
export function runPluginThread(
  file: string,
  task: PluginTask,
  memoryMiB: number,
  signal: AbortSignal,
): Promise<PluginAnswer> {
  const failed = (sentence: string, cause?: unknown): EigenscopeError =>
    new EigenscopeError('plugin-failed', `${task.id}: ${sentence}`, { algorithm: task.id }, cause);
  const tooMuch = (): EigenscopeError =>
    failed(
      `it needs more than the ${memoryMiB} MiB that its plugin.json allows. Use smaller data, or raise memoryMiB there.`,
    );
  return new Promise<PluginAnswer>((resolve, reject) => {
    const worker = new Worker(file, {
      name: task.id,
      // nothing of the application's is handed over: no environment, no standard input, output goes nowhere
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
    });
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      void worker.terminate();
      settle();
    };
    const abort = (): void => end(() => reject(new EigenscopeError('cancelled', 'Cancelled.')));
    const timer = setInterval(() => {
      worker.getHeapStatistics().then(
        ({ used_heap_size: heap, external_memory: arrays }) => {
          if (heap + arrays > memoryMiB * mib) end(() => reject(tooMuch()));
        },
        // the thread has ended; its own events say how
        () => {},
      );
    }, watchMs);
    signal.addEventListener('abort', abort);
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (reply: TaskReply<PluginAnswer>) =>
      end(() => (reply.ok ? resolve(reply.value) : reject(fromPlainError(reply.error)))),
    );
    worker.on('error', (cause: Error & { code?: string }) =>
      end(() =>
        reject(cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch() : failed(`it ended: ${cause.message}`, cause)),
      ),
    );
    worker.on('exit', (code) => end(() => reject(failed(`its thread ended by itself (status ${code}).`))));
    if (signal.aborted) abort();
    else worker.postMessage(task);
  });
}
