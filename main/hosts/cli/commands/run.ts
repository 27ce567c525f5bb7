import { dirname, resolve } from 'node:path';
import { runRecipe } from '../../../services/recipe-runner.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { readRecipe } from '../recipe-file.ts';

/** Runs a recipe file and writes a folder for every step. */
export async function run(args: readonly string[], context: Context): Promise<void> {
  const plugins = await context.plugins();
  const parsed = parseArguments(args, { out: 'value', set: 'list', seed: 'value', force: 'switch' });
  const [file] = takePositionals('run', parsed.positional, ['RECIPE']);
  const path = resolve(file!);
  const recipe = await readRecipe(path, parsed.lists['set'] ?? []);
  const { out, seed } = parsed.values;
  await runRecipe(recipe, context.platform, context.pool(), {
    base: dirname(path),
    out: out === undefined ? null : resolve(out),
    seed: seed === undefined ? recipe.seed : wholeNumber('seed', seed),
    force: parsed.switches.has('force'),
    plugins,
    onStage: context.progress.stage,
    onWritten: context.print,
    onControl: context.onInterrupt,
  });
  context.progress.end();
}
