import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { parseRecipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';

/** `--set steps[0].parameters.output_dimension=5`: the value is JSON, or text where it is not. */
export function setPath(target: unknown, assignment: string): void {
  const equals = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(0, equals));
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  if (equals < 0 || keys.length === 0 || keys.some((key) => ['__proto__', 'constructor', 'prototype'].includes(key))) {
    throw new EigenscopeError(
      'bad-request',
      `--set takes path=value, such as steps[0].parameters.output_dimension=5; got “${assignment}”.`,
    );
  }
  const text = assignment.slice(equals + 1);
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // text as it stands
  }
  let at = target as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (typeof next !== 'object' || next === null) {
      throw new EigenscopeError('bad-recipe', `--set ${path}: the recipe has nothing at “${key}”.`, { path });
    }
    at = next as Record<string, unknown>;
  }
  at[keys.at(-1)!] = value;
}

async function readRecipeFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new EigenscopeError(
      'bad-recipe',
      `The recipe ${path} cannot be read (${cause.code ?? cause.message}).`,
      { path },
      cause,
    );
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EigenscopeError(
      'bad-recipe',
      `The recipe ${path} is not JSON: ${(cause as Error).message}.`,
      { path },
      cause,
    );
  }
}

/** Runs a recipe file and writes a folder for every step. */
export async function run(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { out: 'value', set: 'list', seed: 'value', force: 'switch' });
  const [file] = takePositionals('run', parsed.positional, ['RECIPE']);
  const path = resolve(file!);
  const json = await readRecipeFile(path);
  for (const assignment of parsed.lists['set'] ?? []) setPath(json, assignment);
  const recipe = parseRecipe(json);
  const { out, seed } = parsed.values;
  const written = await runRecipe(recipe, context.platform, context.pool(), {
    base: dirname(path),
    out: out === undefined ? null : resolve(out),
    seed: seed === undefined ? recipe.seed : wholeNumber('seed', seed),
    force: parsed.switches.has('force'),
    onStage: context.progress.stage,
    onControl: context.onInterrupt,
  });
  context.progress.end();
  for (const place of written) context.print(place);
}
