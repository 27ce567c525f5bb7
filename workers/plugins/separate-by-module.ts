import type { FoundUnmixing, SeparationTask } from './contract.ts';
import {
  contextOf,
  failureOf,
  functionOf,
  guard,
  numbers,
  openMatrix,
  readModule,
  requireLength,
} from './module-tools.ts';

/**
 * Runs the module of a custom separation in this thread: `unmix(Y, context)` for white samples Y [samples × k], one
 * source per column once they are multiplied by the transpose of what comes back, `unmixing` [k × k] row after row.
 * @throws EigenscopeError `plugin-failed`: what the module threw, or what is wrong with what it gave back
 */
export async function separateByModule(task: SeparationTask): Promise<FoundUnmixing> {
  const failed = failureOf(task.id);
  const module = await readModule(task.file, failed);
  const unmix = functionOf(module, 'unmix');
  if (unmix === null) throw failed('the module must export unmix(Y, context).');
  const data = openMatrix(task.view);
  try {
    const k = data.matrix.columns;
    const found = await guard<unknown>(failed, 'unmix', () => unmix(data.matrix, contextOf(task, { components: k })));
    if (typeof found !== 'object' || found === null) {
      throw failed('it gave back nothing; an object with unmixing is needed.');
    }
    const { unmixing, iterations, converged } = found as Readonly<Record<string, unknown>>;
    const matrix = numbers(unmixing, 'unmixing', failed);
    requireLength(matrix, k * k, `unmixing (${k} × ${k})`, failed);
    return {
      unmixing: matrix,
      iterations: typeof iterations === 'number' && Number.isFinite(iterations) ? iterations : 0,
      converged: converged !== false,
    };
  } finally {
    data.close();
  }
}
