import { basename, extname, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import type { Param } from '../../../../workers/specs/param.ts';
import { helpText } from '../../../../workers/specs/describe.ts';
import { allAlgorithms, operationOf, resolveStep } from '../../../../workers/specs/registry.ts';
import { parseRecipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import type { FlagKind } from '../arguments.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { signalFlag } from './info.ts';

/** A flag's text as the parameter's value; what does not fit is refused by the same check as a recipe's. */
export function flagValue(param: Param, text: string): unknown {
  if (param.kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (param.kind === 'integer' || param.kind === 'number')
    return text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text);
  if (param.kind === 'components') {
    const list = text.split(',').map(Number);
    return list.length === 1 ? list[0] : list;
  }
  if (param.kind === 'numbers') {
    if (param.names?.some(({ value }) => value === text)) return text;
    const list = text.split(',').map((item) => (item.trim() === '' ? NaN : Number(item)));
    return list.some(Number.isNaN) ? text : list;
  }
  return text;
}

/** A complaint about a parameter in the words of a command line: `--centre: …` for `steps[0].parameters.centre: …`. */
function asFlags(thrown: unknown): unknown {
  if (!(thrown instanceof EigenscopeError)) return thrown;
  return new EigenscopeError(
    thrown.code,
    thrown.message.replace(/^steps\[0\]\.parameters\.(?=\w+:)/, '--'),
    thrown.details,
    thrown,
  );
}

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
    '  --signal N      which signal of the file, from 0 on (default: 0)',
    '  --dataset PATH  which data set of an HDF5 file',
    '  --seed N        start of the random numbers (default: 0)',
    '  --force         replaces what is there',
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
  const plugins = await context.plugins();
  const algorithm = chosenAlgorithm(args);
  const { spec } = resolveStep(operation, algorithm);
  const own: Record<string, FlagKind> = {
    algorithm: 'value',
    out: 'value',
    seed: 'value',
    signal: 'value',
    dataset: 'value',
    force: 'switch',
  };
  const flags = { ...own, ...Object.fromEntries(Object.keys(spec.params).map((id) => [id, 'value' as const])) };
  // A yes/no parameter may stand alone.
  const spelled = args.flatMap((argument, i) => {
    const id = argument.slice(2);
    const next = args[i + 1];
    return argument.startsWith('--') &&
      spec.params[id]?.kind === 'boolean' &&
      (next === undefined || !/^(true|false)$/.test(next))
      ? [`${argument}=true`]
      : [argument];
  });
  const parsed = parseArguments(spelled, flags);
  const [file] = takePositionals(operation, parsed.positional, ['FILE']);
  const path = resolve(file!);
  const inputs: Record<string, unknown> = {
    data: {
      file: path,
      signal: signalFlag(parsed.values['signal']),
      ...(parsed.values['dataset'] === undefined ? {} : { dataset: parsed.values['dataset'] }),
    },
  };
  const parameters: Record<string, unknown> = {};
  for (const [id, param] of Object.entries(spec.params)) {
    const text = parsed.values[id];
    if (text === undefined) continue;
    if (param.kind === 'input' && !param.words?.some((word) => word.value === text)) {
      inputs[id] = { file: resolve(text) };
      parameters[id] = id;
    } else parameters[id] = flagValue(param, text);
  }
  const out = resolve(parsed.values['out'] ?? `${basename(path, extname(path))}-${spec.id}`);
  const id = spec.family === operation ? spec.id : operation;
  const recipe = parseRecipe({
    eigenscope: 1,
    inputs,
    steps: [{ id, do: operation, of: 'data', algorithm, parameters }],
    outputs: ['decomposition', 'cluster_analysis'].includes(spec.family) ? [{ of: id, file: `${out}/${id}.npz` }] : [],
  });
  const seed = parsed.values['seed'];
  await runRecipe(recipe, context.platform, context.pool(), {
    base: process.cwd(),
    out,
    seed: seed === undefined ? 0 : wholeNumber('seed', seed),
    force: parsed.switches.has('force'),
    plugins,
    onStage: context.progress.stage,
    onWritten: context.print,
    onControl: context.onInterrupt,
  }).catch((thrown: unknown) => {
    throw asFlags(thrown);
  });
  context.progress.end();
}
