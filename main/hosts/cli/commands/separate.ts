import { basename, extname, resolve } from 'node:path';
import type { AlgorithmSpec } from '../../../../workers/specs/algorithm.ts';
import { helpText } from '../../../../workers/specs/describe.ts';
import { knownAlgorithms, operationOf, resolveStep } from '../../../../workers/specs/registry.ts';
import type { Context } from '../context.ts';
import { commonHelp, readStepArguments, runCommand, type FlagOwner } from '../param-flags.ts';
import { chosenAlgorithm } from './step.ts';

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
    ...commonHelp,
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

function ownersOf({ decomposition, separation }: Chosen): Map<string, FlagOwner> {
  const owners = new Map<string, FlagOwner>();
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

/**
 * A decomposition and its separation without writing a recipe. The flags come from the descriptions of the two
 * algorithms; masks are given as files.
 */
export async function separate(args: readonly string[], context: Context): Promise<void> {
  // custom algorithms are known from then on
  await context.plugins();
  const chosen = chosenSpecs(args);
  const { decomposition, separation } = chosen;
  const { parsed, positional, inputs, parameters } = readStepArguments('separate', args, ownersOf(chosen), {
    decomposition: 'value',
    algorithm: 'value',
  });
  const [first = {}, second = {}] = parameters;
  if ('output_dimension' in decomposition.params) first['output_dimension'] ??= neededComponents(second);
  const file = positional[0]!;
  const out = resolve(parsed.values['out'] ?? `${basename(file, extname(file))}-${separation.id}`);
  const steps = [
    { id: decomposition.id, do: operations[0], of: 'data', algorithm: decomposition.id, parameters: first },
    { id: separation.id, do: operations[1], of: decomposition.id, algorithm: separation.id, parameters: second },
  ];
  const outputs = [{ of: separation.id, file: `${out}/${separation.id}.npz` }];
  await runCommand({ inputs, steps, outputs }, out, parsed, context);
}
