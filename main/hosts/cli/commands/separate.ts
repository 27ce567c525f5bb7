import { basename, extname, resolve } from 'node:path';
import type { AlgorithmSpec } from '../../../../workers/specs/algorithm.ts';
import { helpText } from '../../../../workers/specs/describe.ts';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { knownAlgorithms, operationOf, resolveStep } from '../../../../workers/specs/registry.ts';
import { parseRecipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import { parseArguments, takePositionals, wholeNumber, type FlagKind } from '../arguments.ts';
import type { Context } from '../context.ts';
import { signalFlag } from './info.ts';
import { chosenAlgorithm, flagValue } from './step.ts';

const operations = ['decomposition', 'blind_source_separation'] as const;

/** Flags of the decomposition that the separation has too are spelled with this before them. */
const prefix = 'decomposition.';

interface Chosen {
  decomposition: AlgorithmSpec;
  separation: AlgorithmSpec;
}

function chosenSpecs(args: readonly string[]): Chosen {
  const at = args.findIndex((a) => a === '--decomposition' || a.startsWith('--decomposition='));
  const decomposition = at < 0 ? null : (args[at]!.split('=')[1] ?? args[at + 1] ?? null);
  return {
    decomposition: resolveStep('decomposition', decomposition).spec,
    separation: resolveStep('blind_source_separation', chosenAlgorithm(args)).spec,
  };
}

/** What `separate --help` prints: its own flags, then those of the two chosen algorithms. */
export function separateHelp(args: readonly string[]): Promise<string> {
  const { decomposition, separation } = chosenSpecs(args);
  const [first, second] = operations.map((operation) =>
    knownAlgorithms()
      .filter((spec) => operationOf(spec) === operation)
      .map(({ id }) => id)
      .join(', '),
  );
  const text = [
    'eigenscope separate FILE [--decomposition ID] [--algorithm ID] [--PARAM VALUE …] [--out DIR]',
    '',
    `  --decomposition ID  one of ${first} (default: SVD)`,
    `  --algorithm ID  one of ${second} (default: sklearn_fastica); --help shows the flags of the two that are given`,
    '  --out DIR       where the results go (default: a folder named after the file and the algorithm)',
    '  --signal N      which signal of the file, from 0 on (default: 0)',
    '  --dataset PATH  which data set of an HDF5 file',
    '  --seed N        start of the random numbers (default: 0)',
    '  --force         replaces what is there',
    '',
    'The components to separate are given by --number_of_components or --comp_list. Without --output_dimension the',
    'decomposition computes as many as are separated. Masks and other inputs are given as files. Flags that both',
    `algorithms have are those of the separation; for the decomposition write --${prefix}PARAM.`,
    '',
    helpText(separation),
    '',
    helpText(decomposition),
  ];
  return Promise.resolve(text.join('\n'));
}

/** Where a flag belongs: to the separation, or to the decomposition. */
type Owner = { step: 0 | 1; spec: AlgorithmSpec; id: string };

function ownersOf({ decomposition, separation }: Chosen): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const id of Object.keys(decomposition.params)) {
    owners.set(id, { step: 0, spec: decomposition, id });
    owners.set(`${prefix}${id}`, { step: 0, spec: decomposition, id });
  }
  for (const id of Object.keys(separation.params)) owners.set(id, { step: 1, spec: separation, id });
  return owners;
}

/** How many components the decomposition must have for those that are separated. */
function neededComponents(parameters: Readonly<Record<string, unknown>>): number | null {
  const { number_of_components: first, comp_list: list } = parameters;
  if (Array.isArray(list)) return Math.max(...list.map(Number)) + 1;
  const count = list ?? first;
  return typeof count === 'number' ? count : null;
}

/** A complaint about a parameter in the words of a command line. */
function asFlags(thrown: unknown): unknown {
  if (!(thrown instanceof EigenscopeError)) return thrown;
  const message = thrown.message.replace(/^steps\[[01]\]\.parameters\.(?=\w+:)/, '--');
  return new EigenscopeError(thrown.code, message, thrown.details, thrown);
}

/**
 * A decomposition and its separation without writing a recipe. The flags come from the descriptions of the two
 * algorithms; masks are given as files.
 */
export async function separate(args: readonly string[], context: Context): Promise<void> {
  const plugins = await context.plugins();
  const chosen = chosenSpecs(args);
  const owners = ownersOf(chosen);
  const flags: Record<string, FlagKind> = {
    decomposition: 'value',
    algorithm: 'value',
    out: 'value',
    seed: 'value',
    signal: 'value',
    dataset: 'value',
    force: 'switch',
    ...Object.fromEntries([...owners.keys()].map((name) => [name, 'value' as const])),
  };
  // A yes/no parameter may stand alone.
  const spelled = args.map((argument, i) => {
    const owner = argument.startsWith('--') ? owners.get(argument.slice(2)) : undefined;
    const stands = owner?.spec.params[owner.id]?.kind === 'boolean' && !/^(true|false)$/.test(args[i + 1] ?? '');
    return stands ? `${argument}=true` : argument;
  });
  const parsed = parseArguments(spelled, flags);
  const [file] = takePositionals('separate', parsed.positional, ['FILE']);
  const path = resolve(file!);
  const inputs: Record<string, unknown> = {
    data: {
      file: path,
      signal: signalFlag(parsed.values['signal']),
      ...(parsed.values['dataset'] === undefined ? {} : { dataset: parsed.values['dataset'] }),
    },
  };
  const parameters: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [name, { step, spec, id }] of owners) {
    const text = parsed.values[name];
    if (text === undefined) continue;
    const param = spec.params[id]!;
    if (param.kind === 'input' && !param.words?.some((word) => word.value === text)) {
      inputs[id] = { file: resolve(text) };
      parameters[step][id] = id;
    } else parameters[step][id] = flagValue(param, text);
  }
  if ('output_dimension' in chosen.decomposition.params) {
    parameters[0]['output_dimension'] ??= neededComponents(parameters[1]);
  }
  const { decomposition, separation } = chosen;
  const out = resolve(parsed.values['out'] ?? `${basename(path, extname(path))}-${separation.id}`);
  const recipe = parseRecipe({
    eigenscope: 1,
    inputs,
    steps: [
      { id: decomposition.id, do: operations[0], of: 'data', algorithm: decomposition.id, parameters: parameters[0] },
      {
        id: separation.id,
        do: operations[1],
        of: decomposition.id,
        algorithm: separation.id,
        parameters: parameters[1],
      },
    ],
    outputs: [{ of: separation.id, file: `${out}/${separation.id}.npz` }],
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
