import { EigenscopeError } from '../../workers/model/errors.ts';
import { hintNames, parseReadHints, type ReadHints } from '../../workers/model/read-hints.ts';

/* A recipe: what the window records while a person works, as JSON that a person can also write. */

/** A file, one signal of it, and what a person says about it that the file does not. */
export interface RecipeInput extends ReadHints {
  file: string;
  signal: number;
}

export interface RecipeStep {
  id: string;
  do: string;
  of: string;
  algorithm: string | null;
  parameters: Readonly<Record<string, unknown>>;
}

export interface RecipeOutput {
  of: string;
  file: string;
}

export interface Recipe {
  seed: number;
  inputs: Readonly<Record<string, RecipeInput>>;
  steps: readonly RecipeStep[];
  outputs: readonly RecipeOutput[];
}

const fail = (path: string, message: string): never => {
  throw new EigenscopeError('bad-recipe', `${path}: ${message}`, { path });
};

const describe = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

type Fields = Record<string, unknown>;

function objectAt(value: unknown, path: string, keys: readonly string[] | null): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(path, `must be an object; got ${describe(value)}.`);
  }
  for (const key of Object.keys(value)) {
    if (keys !== null && !keys.includes(key))
      fail(`${path}.${key}`, `is not known here; known are ${keys.join(', ')}.`);
  }
  return value as Fields;
}

function textAt(value: unknown, path: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(path, `must be text; got ${describe(value)}.`);
}

function countAt(value: unknown, path: string, least: number): number {
  return Number.isSafeInteger(value) && (value as number) >= least
    ? (value as number)
    : fail(path, `must be a whole number from ${least}; got ${describe(value)}.`);
}

function hintsAt(fields: Fields, path: string): Omit<ReadHints, 'axes'> {
  try {
    return parseReadHints(fields, path);
  } catch (error) {
    if (!(error instanceof EigenscopeError)) throw error;
    throw new EigenscopeError('bad-recipe', error.message, error.details);
  }
}

function axesAt(value: unknown, path: string): NonNullable<RecipeInput['axes']> {
  if (!Array.isArray(value)) return fail(path, `must be a list of axes; got ${describe(value)}.`);
  return value.map((item, i) => {
    const axis = objectAt(item, `${path}[${i}]`, ['name', 'units', 'scale', 'offset']);
    for (const key of ['name', 'units'] as const) {
      if (axis[key] !== undefined && typeof axis[key] !== 'string') fail(`${path}[${i}].${key}`, 'must be text.');
    }
    for (const key of ['scale', 'offset'] as const) {
      if (axis[key] !== undefined && !Number.isFinite(axis[key])) fail(`${path}[${i}].${key}`, 'must be a number.');
    }
    return axis as { name?: string; units?: string; scale?: number; offset?: number };
  });
}

function inputAt(value: unknown, path: string): RecipeInput {
  const fields = objectAt(value, path, ['file', 'signal', 'axes', ...hintNames]);
  return {
    file: textAt(fields['file'], `${path}.file`),
    signal: fields['signal'] === undefined ? 0 : countAt(fields['signal'], `${path}.signal`, 0),
    ...hintsAt(fields, path),
    ...(fields['axes'] === undefined ? {} : { axes: axesAt(fields['axes'], `${path}.axes`) }),
  };
}

const safeId = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;

function stepAt(value: unknown, path: string): RecipeStep {
  const fields = objectAt(value, path, ['id', 'do', 'of', 'algorithm', 'parameters']);
  const id = textAt(fields['id'], `${path}.id`);
  // The id becomes a folder's name.
  if (!safeId.test(id) || id.includes('..')) {
    fail(
      `${path}.id`,
      `may hold letters, digits, “_”, “-” and “.” and starts with a letter or digit; got ${describe(id)}.`,
    );
  }
  return {
    id,
    do: textAt(fields['do'], `${path}.do`),
    of: textAt(fields['of'], `${path}.of`),
    algorithm:
      fields['algorithm'] === undefined || fields['algorithm'] === null
        ? null
        : textAt(fields['algorithm'], `${path}.algorithm`),
    parameters: fields['parameters'] === undefined ? {} : objectAt(fields['parameters'], `${path}.parameters`, null),
  };
}

/**
 * A recipe from parsed JSON: structure, ids and references checked; the parameters of the steps are checked against
 * their specs by the runner, before anything is read.
 * @throws EigenscopeError `bad-recipe`, the message starting with the path in the recipe.
 */
export function parseRecipe(json: unknown): Recipe {
  const top = objectAt(json, 'recipe', ['eigenscope', 'seed', 'inputs', 'steps', 'outputs']);
  if (top['eigenscope'] !== 1)
    fail('eigenscope', `must be 1, the version of recipes this program reads; got ${describe(top['eigenscope'])}.`);
  const inputs = Object.fromEntries(
    Object.entries(objectAt(top['inputs'], 'inputs', null)).map(([id, value]) => [id, inputAt(value, `inputs.${id}`)]),
  );
  const list = (name: 'steps' | 'outputs'): unknown[] => {
    const value = top[name] ?? [];
    return Array.isArray(value) ? value : fail(name, `must be a list; got ${describe(value)}.`);
  };
  const steps = list('steps').map((value, i) => stepAt(value, `steps[${i}]`));
  const known = new Set(Object.keys(inputs));
  for (const [i, step] of steps.entries()) {
    if (known.has(step.id)) fail(`steps[${i}].id`, `“${step.id}” is used already.`);
    // A step may name only what stands before it, which also rules out cycles.
    if (!known.has(step.of)) {
      fail(`steps[${i}].of`, `names “${step.of}”; before this step there are ${[...known].join(', ') || 'no inputs'}.`);
    }
    known.add(step.id);
  }
  const outputs = list('outputs').map((value, i) => {
    const fields = objectAt(value, `outputs[${i}]`, ['of', 'file']);
    const of = textAt(fields['of'], `outputs[${i}].of`);
    if (of !== '*' && !known.has(of))
      fail(`outputs[${i}].of`, `names “${of}”; there are ${[...known].join(', ')} and *.`);
    return { of, file: textAt(fields['file'], `outputs[${i}].file`) };
  });
  return { seed: top['seed'] === undefined ? 0 : countAt(top['seed'], 'seed', 0), inputs, steps, outputs };
}
