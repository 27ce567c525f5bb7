import { parentPort } from 'node:worker_threads';
import { toPlainError } from '../model/errors.ts';
import { transferablesIn } from '../tasks/task.ts';
import type { PluginAnswer, PluginTask } from './contract.ts';
import { decomposeByModule } from './decompose-by-module.ts';
import { preprocessByModule } from './preprocess-by-module.ts';
import { separateByModule } from './separate-by-module.ts';

/* The thread of one custom algorithm: one task, one answer, then it is ended. */

function run(task: PluginTask): Promise<PluginAnswer> {
  switch (task.kind) {
    case 'decomposition':
      return decomposeByModule(task);
    case 'separation':
      return separateByModule(task);
    case 'preprocessing':
      return preprocessByModule(task);
  }
}

parentPort?.once('message', (task: PluginTask) => {
  run(task).then(
    (value) => parentPort?.postMessage({ ok: true, value }, [...transferablesIn(value)]),
    (thrown: unknown) => parentPort?.postMessage({ ok: false, error: toPlainError(thrown) }),
  );
});
