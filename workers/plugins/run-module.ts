import { pathToFileURL } from 'node:url';
import { openControl } from '../control.ts';
import { openView } from '../matrix-view.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { MatrixView } from '../model/rows.ts';
import { prepareRows } from '../passes/hdf5-rows.ts';
import type { PluginAnswer, PluginTask } from './contract.ts';

/** What a module sees of the data: whole rows, as many at a time as it likes. */
export interface PluginMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows [first, last) as a new array, row-major float64 */
  read(first: number, last: number): Float64Array;
  toArray(): Float64Array;
}

interface Module {
  fit_transform?: unknown;
  fit?: unknown;
  transform?: unknown;
}

/**
 * Runs the module of a custom algorithm in this thread: `fit_transform(X, context)`, or `fit(X, context)` and
 * `transform(X, model, context)`.
 * @throws EigenscopeError `plugin-failed`: what the module threw, or what is wrong with what it gave back
 */
export async function runModule(task: PluginTask): Promise<PluginAnswer> {
  const failed = (sentence: string, cause?: unknown): EigenscopeError =>
    new EigenscopeError('plugin-failed', `${task.id}: ${sentence}`, { algorithm: task.id }, cause);
  const guarded = async <T>(what: string, body: () => unknown): Promise<T> => {
    try {
      return (await body()) as T;
    } catch (cause) {
      if (cause instanceof EigenscopeError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw failed(`${what} failed: ${message.slice(0, 300)}`, cause);
    }
  };
  const module = await guarded<Module>(
    'reading the module',
    () => import(/* @vite-ignore */ pathToFileURL(task.file).href),
  );
  const [fitTransform, fit, transform] = [module.fit_transform, module.fit, module.transform];
  const whole = typeof fitTransform === 'function' ? fitTransform : null;
  if (whole === null && !(typeof fit === 'function' && typeof transform === 'function')) {
    throw failed(
      'the module must export fit_transform(X, context), or fit(X, context) and transform(X, model, context).',
    );
  }
  const context = contextOf(task);
  const release = await prepareRows(task.view.source);
  const data = openMatrix(task.view);
  try {
    const model = await guarded<unknown>(whole ? 'fit_transform' : 'fit', () =>
      whole ? whole(data.matrix, context) : (fit as (...args: unknown[]) => unknown)(data.matrix, context),
    );
    if (typeof model !== 'object' || model === null)
      throw failed('it gave back nothing; an object with factors is needed.');
    const apply = (matrix: PluginMatrix): Promise<unknown> =>
      guarded('transform', () => (transform as (...args: unknown[]) => unknown)(matrix, model, context));
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
      otherLoadings: await applyToOthers(task.others, typeof transform === 'function' ? apply : null, k, failed),
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

type Fail = (sentence: string) => EigenscopeError;

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

/** What a module may know and tell: its parameters, the seed, and how far it is. */
function contextOf(task: PluginTask): Readonly<Record<string, unknown>> {
  const control = openControl(task.control);
  return Object.freeze({
    parameters: task.parameters,
    components: task.components,
    seed: task.seed,
    /** throws when the user cancelled; true when the current state is to be given back */
    shouldStop(): boolean {
      control.check();
      return control.shouldKeep();
    },
    progress: (done: number, total: number) => control.progress(1, Math.trunc(done), Math.trunc(total)),
    objective: (iteration: number, value: number) => control.objective(Number(iteration), Number(value)),
  });
}

function openMatrix(view: MatrixView): { matrix: PluginMatrix; close(): void } {
  const open = openView(view);
  const read = (first: number, last: number): Float64Array => {
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < 0 || last > open.rows || first > last) {
      throw new RangeError(`rows ${first} to ${last} of ${open.rows} were asked for`);
    }
    const out = new Float64Array((last - first) * open.cols);
    open.read(first, last, out);
    return out;
  };
  const matrix = Object.freeze({
    rows: open.rows,
    columns: open.cols,
    read,
    toArray: () => read(0, open.rows),
  });
  return { matrix, close: open.close };
}

/** An own copy as float64, so that nothing the module keeps can change it later. */
function numbers(value: unknown, name: string, failed: Fail): Float64Array {
  const list = ArrayBuffer.isView(value) && !(value instanceof DataView) ? (value as Float64Array) : value;
  if (!ArrayBuffer.isView(list) && !Array.isArray(list)) {
    throw failed(`${name} must be a Float64Array or a list of numbers, row after row.`);
  }
  const copy = Float64Array.from(list as ArrayLike<number>, Number);
  const bad = copy.findIndex((item) => !Number.isFinite(item));
  if (bad >= 0) throw failed(`${name} holds ${copy[bad]} at position ${bad}; every number must be finite.`);
  return copy;
}

function requireLength(values: Float64Array, length: number, name: string, failed: Fail): void {
  if (values.length !== length) throw failed(`${name} must hold ${length} numbers; got ${values.length}.`);
}
