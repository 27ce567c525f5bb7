import { prepareRows } from '../passes/hdf5-rows.ts';
import type { FoundRows, PreprocessingTask } from './contract.ts';
import { contextOf, failureOf, functionOf, guard, numbers, openMatrix, readModule } from './module-tools.ts';

/**
 * Runs the module of a custom preparation in this thread: `preprocess(A, context)` for the kept pixels A
 * [rows × columns], which gives back B, row after row, with as many rows and any number of columns.
 * @throws EigenscopeError `plugin-failed`: what the module threw, or what is wrong with what it gave back
 */
export async function preprocessByModule(task: PreprocessingTask): Promise<FoundRows> {
  const failed = failureOf(task.id);
  const module = await readModule(task.file, failed);
  const preprocess = functionOf(module, 'preprocess');
  if (preprocess === null) throw failed('the module must export preprocess(A, context).');
  const release = await prepareRows(task.view.source);
  const given = openMatrix(task.view);
  try {
    const { rows } = given.matrix;
    const found = await guard<unknown>(failed, 'preprocess', () => preprocess(given.matrix, contextOf(task)));
    const data = numbers(found, 'what preprocess gives back', failed);
    const columns = data.length / rows;
    if (!Number.isInteger(columns) || columns < 1) {
      throw failed(
        `preprocess gave back ${data.length} numbers; ${rows} (pixels) × any whole number of columns are needed, row after row.`,
      );
    }
    return { data, columns };
  } finally {
    given.close();
    release();
  }
}
