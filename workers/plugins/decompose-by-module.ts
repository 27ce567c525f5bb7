import type { MatrixView } from '../model/rows.ts';
import { prepareRows } from '../passes/hdf5-rows.ts';
import type { DecompositionTask, FoundComponents } from './contract.ts';
import {
  contextOf,
  failureOf,
  functionOf,
  guard,
  numbers,
  openMatrix,
  readModule,
  requireLength,
  type Fail,
  type PluginMatrix,
} from './module-tools.ts';

/**
 * Runs the module of a custom algorithm in this thread: `fit_transform(X, context)`, or `fit(X, context)` and
 * `transform(X, model, context)`.
 * @throws EigenscopeError `plugin-failed`: what the module threw, or what is wrong with what it gave back
 */
export async function decomposeByModule(task: DecompositionTask): Promise<FoundComponents> {
  const failed = failureOf(task.id);
  const module = await readModule(task.file, failed);
  const whole = functionOf(module, 'fit_transform');
  const fit = functionOf(module, 'fit');
  const transform = functionOf(module, 'transform');
  if (whole === null && (fit === null || transform === null)) {
    throw failed(
      'the module must export fit_transform(X, context), or fit(X, context) and transform(X, model, context).',
    );
  }
  const context = contextOf(task, { components: task.components });
  const release = await prepareRows(task.view.source);
  const data = openMatrix(task.view);
  try {
    const model = await guard<unknown>(failed, whole ? 'fit_transform' : 'fit', () =>
      (whole ?? fit)?.(data.matrix, context),
    );
    if (typeof model !== 'object' || model === null)
      throw failed('it gave back nothing; an object with factors is needed.');
    const apply = (matrix: PluginMatrix): Promise<unknown> =>
      guard(failed, 'transform', () => transform?.(matrix, model, context));
    const found = model as Readonly<Record<string, unknown>>;
    const { rows, columns } = data.matrix;
    const factors = numbers(found['factors'], 'factors', failed);
    const k = factors.length / columns;
    if (!Number.isInteger(k) || k < 1) {
      throw failed(`factors holds ${factors.length} numbers; ${columns} (channels) × k are needed, row after row.`);
    }
    if (task.components !== null && k !== task.components) {
      throw failed(`factors holds ${k} components; ${task.components} were asked for.`);
    }
    const loadings = numbers(whole ? found['loadings'] : await apply(data.matrix), 'loadings', failed);
    requireLength(loadings, rows * k, `loadings (${rows} pixels × ${k})`, failed);
    const optional = (key: string, length: number): Float64Array | null => {
      if (found[key] === undefined || found[key] === null) return null;
      const values = numbers(found[key], key, failed);
      requireLength(values, length, key, failed);
      return values;
    };
    const number = (key: string): number | null => (typeof found[key] === 'number' ? found[key] : null);
    return {
      k,
      factors,
      loadings,
      otherLoadings: await applyToOthers(task.others, transform ? apply : null, k, failed),
      explainedVariance: optional('explained_variance', k),
      mean: optional('mean', columns),
      iterations: number('iterations'),
      converged: typeof found['converged'] === 'boolean' ? found['converged'] : null,
      objective: number('objective'),
    };
  } finally {
    data.close();
    release();
  }
}

async function applyToOthers(
  view: MatrixView | null,
  apply: ((matrix: PluginMatrix) => Promise<unknown>) | null,
  k: number,
  failed: Fail,
): Promise<Float64Array | null> {
  if (view === null || apply === null) return null;
  const others = openMatrix(view);
  try {
    const loadings = numbers(await apply(others.matrix), 'loadings of the masked pixels', failed);
    requireLength(loadings, others.matrix.rows * k, 'loadings of the masked pixels', failed);
    return loadings;
  } finally {
    others.close();
  }
}
