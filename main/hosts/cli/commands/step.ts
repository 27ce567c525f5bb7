import { basename, extname, resolve } from 'node:path';
import { helpText } from '../../../../workers/specs/describe.ts';
import { allAlgorithms, operationOf, resolveStep } from '../../../../workers/specs/registry.ts';
import type { Context } from '../context.ts';
import { commonHelp, readStepArguments, runCommand } from '../param-flags.ts';

/** The algorithm that `--algorithm ID` names, the operation's default without it. */
export function chosenAlgorithm(args: readonly string[]): string | null {
  const at = args.findIndex((a) => a === '--algorithm' || a.startsWith('--algorithm='));
  return at < 0 ? null : (args[at]!.split('=')[1] ?? args[at + 1] ?? null);
}

/** What `decompose --help` prints: the flags of every such command, then those of the chosen algorithm. */
export function stepHelp(command: string, operation: string, args: readonly string[]): string {
  const { spec } = resolveStep(operation, chosenAlgorithm(args));
  const ids = allAlgorithms.filter((other) => operationOf(other) === operation).map(({ id }) => id);
  return [
    `eigenscope ${command} FILE [--algorithm ID] [--PARAM VALUE …] [--out DIR]`,
    '',
    `  --algorithm ID  one of ${ids.join(', ')} (default: ${resolveStep(operation, null).spec.id}); --help shows the flags of the one that is given`,
    '  --out DIR       where the results go (default: a folder named after the file and the algorithm)',
    ...commonHelp,
    '',
    helpText(spec),
    '',
    'Masks and other inputs are given as files.',
  ].join('\n');
}

/**
 * One step without writing a recipe: `decompose FILE --algorithm ID --PARAM VALUE …`. The flags come from the
 * algorithm's own description; masks are given as files.
 */
export async function step(operation: string, args: readonly string[], context: Context): Promise<void> {
  // custom algorithms are known from then on
  await context.plugins();
  const algorithm = chosenAlgorithm(args);
  const { spec } = resolveStep(operation, algorithm);
  const owners = new Map(Object.keys(spec.params).map((id) => [id, { step: 0, spec, id }]));
  const { parsed, positional, inputs, parameters } = readStepArguments(operation, args, owners, { algorithm: 'value' });
  const file = positional[0]!;
  const out = resolve(parsed.values['out'] ?? `${basename(file, extname(file))}-${spec.id}`);
  const id = spec.family === operation ? spec.id : operation;
  const steps = [{ id, do: operation, of: 'data', algorithm, parameters: parameters[0] ?? {} }];
  const hasFile = spec.family === 'decomposition' || spec.family === 'cluster_analysis';
  const outputs = hasFile ? [{ of: id, file: `${out}/${id}.npz` }] : [];
  await runCommand({ inputs, steps, outputs }, out, parsed, context);
}
