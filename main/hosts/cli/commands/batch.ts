import { basename, dirname, extname, join, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import type { Recipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import { parseArguments, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { readRecipe } from '../recipe-file.ts';

/** The folder of each file, named like it; files of the same name are numbered. */
export function folderNames(files: readonly string[]): string[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const stem = basename(file, extname(file));
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** The recipe with its first input read from another file; masks and other inputs stay. */
export function withFile(recipe: Recipe, file: string): Recipe {
  const [first] = Object.keys(recipe.inputs);
  if (first === undefined)
    throw new EigenscopeError('bad-recipe', 'inputs: a batch needs a recipe with an input to replace.');
  return { ...recipe, inputs: { ...recipe.inputs, [first]: { ...recipe.inputs[first]!, file } } };
}

/** Runs one recipe on many files, a folder each, and goes on past a bad file; ends with a table. */
export async function batch(args: readonly string[], context: Context): Promise<number> {
  const plugins = await context.plugins();
  const parsed = parseArguments(args, { out: 'value', set: 'list', seed: 'value', force: 'switch' });
  const [recipeFile, ...files] = parsed.positional;
  if (recipeFile === undefined || files.length === 0) {
    throw new EigenscopeError('bad-request', 'batch takes RECIPE FILE …: a recipe and at least one file to run it on.');
  }
  const path = resolve(recipeFile);
  const recipe = await readRecipe(path, parsed.lists['set'] ?? []);
  const { out = '.', seed } = parsed.values;
  const names = folderNames(files);
  const rows: { file: string; outcome: string }[] = [];
  let failed = 0;
  let cancelled = false;
  for (const [i, file] of files.entries()) {
    if (cancelled) break;
    const started = performance.now();
    try {
      await runRecipe(withFile(recipe, resolve(file)), context.platform, context.pool(), {
        base: dirname(path),
        out: resolve(join(out, names[i]!)),
        seed: seed === undefined ? recipe.seed : wholeNumber('seed', seed),
        force: parsed.switches.has('force'),
        plugins,
        onStage: (step, text) => context.progress.stage(`${basename(file)} ${step}`, text),
        onWritten: () => {},
        onControl: context.onInterrupt,
      });
      rows.push({ file, outcome: `done in ${((performance.now() - started) / 1000).toFixed(1)} s` });
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError)) throw thrown;
      // What is wrong with the recipe is wrong for every file.
      if (thrown.code === 'bad-recipe' && i === 0) throw thrown;
      cancelled = thrown.code === 'cancelled';
      failed++;
      rows.push({ file, outcome: cancelled ? 'cancelled' : `failed: ${thrown.message}` });
    }
  }
  context.progress.end();
  const width = Math.max(...rows.map(({ file }) => file.length));
  for (const { file, outcome } of rows) context.print(`${file.padEnd(width)}  ${outcome}`);
  context.print(`${rows.length - failed} of ${files.length} done, results in ${resolve(out)}`);
  return cancelled ? exitStatus.cancelled : failed > 0 ? exitStatus.cannotRun : exitStatus.done;
}
