import { resolve } from 'node:path';
import { withSavedSession } from '../../../services/saved-session.ts';
import { parseArguments, takePositionals } from '../arguments.ts';
import type { Context } from '../context.ts';

/** What a saved session holds: inputs, results, how each was made. */
export async function session(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { json: 'switch' });
  const [path] = takePositionals('session', parsed.positional, ['SESSION']);
  await withSavedSession(resolve(path!), async ({ session: saved, recovered }) => {
    if (parsed.switches.has('json')) {
      context.print(JSON.stringify({ ...saved, recovered }, null, 1));
      return;
    }
    context.print(saved.name);
    for (const { name, file, shape, dtype } of saved.datasets)
      context.print(`  data    ${name}  ${shape.join(' × ')} ${dtype}  ${file}`);
    for (const { id, name, algorithm, operation, parameters, seed, seconds, made } of saved.results) {
      context.print(
        `  result  ${id}  ${name}  ${algorithm ?? operation}  ${JSON.stringify(parameters)}  seed ${seed}  ${seconds.toFixed(2)} s  ${made}`,
      );
    }
    for (const note of recovered) context.warn(note);
  });
}
