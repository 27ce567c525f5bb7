import { parentPort } from 'node:worker_threads';
import type { PluginTask } from './contract.ts';
import { decomposeByModule } from './decompose-by-module.ts';
import { separateByModule } from './separate-by-module.ts';
import { transferablesIn } from '../tasks/task.ts';
import { toPlainError } from '../model/errors.ts';

/* The thread of one custom algorithm: one task, one answer, then it is ended. */

parentPort?.once('message', (task: PluginTask) => {
  const answer = task.kind === 'separation' ? separateByModule(task) : decomposeByModule(task);
  answer.then<void, void>(
    (value) => parentPort?.postMessage({ ok: true, value }, [...transferablesIn(value)]),
    (thrown: unknown) => parentPort?.postMessage({ ok: false, error: toPlainError(thrown) }),
  );
});
