import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { parseRecipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { setPath } from '../set-path.ts';

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
