import { resolve } from 'node:path';
import { readHeader } from '../../../services/read-header.ts';
import { createResultStore } from '../../../services/result-store.ts';
import { writeSessionRecipe, type RecipeSources } from '../../../services/session-recipe.ts';
import { withSavedSession } from '../../../services/saved-session.ts';
import { parseArguments, takePositionals } from '../arguments.ts';
import type { Context } from '../context.ts';

/** What a saved session holds: inputs, results, how each was made; or the recipe that makes them again. */
export async function session(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { json: 'switch', recipe: 'value', force: 'switch' });
  const [path] = takePositionals('session', parsed.positional, ['SESSION']);
  await withSavedSession(resolve(path!), async ({ session: saved, recovered, resultFolder }) => {
    const recipe = parsed.values['recipe'];
    if (recipe !== undefined) {
      const arrays = createResultStore();
      const sources: RecipeSources = {
        axesOf: async ({ file, signal, hints }) =>
          (await readHeader(context.pool(), file, hints).catch(() => null))?.signals[signal]?.axes ?? null,
        arrayOf: (record, name) => arrays.array(resultFolder(record.id), record, name),
      };
      const made = await writeSessionRecipe(saved, resolve(recipe), sources, parsed.switches.has('force'));
      for (const place of made.written) context.print(place);
      for (const note of made.notes) context.warn(note);
      return;
    }
    if (parsed.switches.has('json')) {
      context.print(JSON.stringify({ ...saved, recovered }, null, 1));
      return;
    }
    context.print(saved.name);
    for (const { name, file, shape, dtype, derivation } of saved.datasets) {
      const steps = derivation?.steps.map(({ operation, values }) => `  ${operation} ${JSON.stringify(values)}`) ?? [];
      context.print(`  data    ${name}  ${shape.join(' × ')} ${dtype}  ${file}${steps.join('')}`);
    }
    for (const { id, name, algorithm, operation, parameters, seed, seconds, made } of saved.results) {
      context.print(
        `  result  ${id}  ${name}  ${algorithm ?? operation}  ${JSON.stringify(parameters)}  seed ${seed}  ${seconds.toFixed(2)} s  ${made}`,
      );
    }
    for (const note of recovered) context.warn(note);
  });
}
