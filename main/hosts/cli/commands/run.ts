import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { parseRecipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { setPath } from '../set-path.ts';

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder; a recipe is a JSON file',
  EACCES: 'may not be read by this account',
};

async function readRecipeFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new EigenscopeError(
      'bad-recipe',
      `The recipe ${path} ${unreadable[cause.code ?? ''] ?? `cannot be read (${cause.code ?? cause.message})`}. Check its name and folder.`,
      { path },
      cause,
    );
  });
  try {
    // Windows’ editors put a mark before the text that JSON does not know.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new EigenscopeError(
      'bad-recipe',
      `The recipe ${path} is not JSON: ${printable((cause as Error).message)}.`,
      { path },
      cause,
    );
  }
}

/** The parser quotes what it stumbled over, which may be any bytes. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cn}\ufffd]+/gu, ' ').replace(/\.$/, '');

/** Runs a recipe file and writes a folder for every step. */
export async function run(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { out: 'value', set: 'list', seed: 'value', force: 'switch' });
  const [file] = takePositionals('run', parsed.positional, ['RECIPE']);
  const path = resolve(file!);
  const json = await readRecipeFile(path);
  for (const assignment of parsed.lists['set'] ?? []) setPath(json, assignment);
  const recipe = parseRecipe(json);
  const { out, seed } = parsed.values;
  await runRecipe(recipe, context.platform, context.pool(), {
    base: dirname(path),
    out: out === undefined ? null : resolve(out),
    seed: seed === undefined ? recipe.seed : wholeNumber('seed', seed),
    force: parsed.switches.has('force'),
    onStage: context.progress.stage,
    onWritten: context.print,
    onControl: context.onInterrupt,
  });
  context.progress.end();
}
