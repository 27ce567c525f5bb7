import { resolve } from 'node:path';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import type { AlgorithmSpec } from '../../../workers/specs/algorithm.ts';
import type { Param } from '../../../workers/specs/param.ts';
import { parseRecipe } from '../../contract/recipe.ts';
import { runRecipe } from '../../services/recipe-runner.ts';
import type { FlagKind, ParsedArguments } from './arguments.ts';
import { parseArguments, takePositionals, wholeNumber } from './arguments.ts';
import { signalFlag } from './commands/info.ts';
import type { Context } from './context.ts';
import { hintFlags, hintsOfFlags } from './hint-flags.ts';

/** A flag's text as the parameter's value; what does not fit is refused by the same check as a recipe's. */
export function flagValue(param: Param, text: string): unknown {
  switch (param.kind) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'components': {
      // a comma at the end makes a list of a single one
      const items = text.replace(/,$/, '').split(',');
      const list = items.map((item) => (item.trim() === '' ? NaN : Number(item)));
      if (list.some(Number.isNaN)) return text;
      return text.includes(',') ? list : list[0];
    }
    case 'numbers': {
      if (param.names?.some(({ value }) => value === text)) return text;
      const list = text.split(',').map((item) => (item.trim() === '' ? NaN : Number(item)));
      return list.some(Number.isNaN) ? text : list;
    }
    default:
      return text;
  }
}

/** Flags that every command of this kind takes beside those of its algorithms. */
const common = {
  out: 'value',
  seed: 'value',
  signal: 'value',
  force: 'switch',
  ...hintFlags,
} as const satisfies Record<string, FlagKind>;

/** What a flag sets: a parameter of one of the steps. */
export interface FlagOwner {
  step: number;
  spec: AlgorithmSpec;
  id: string;
}

export interface StepArguments {
  parsed: ParsedArguments;
  /** what is given beside the flags */
  positional: string[];
  /** of the recipe: the file, and the files that parameters name */
  inputs: Record<string, unknown>;
  /** one set for each step */
  parameters: Record<string, unknown>[];
}

/**
 * Reads a command line whose flags are the parameters of some steps. A yes/no parameter may stand alone; what a
 * parameter names is a file, several of them separated by commas.
 * @throws EigenscopeError `bad-request`
 */
export function readStepArguments(
  command: string,
  args: readonly string[],
  owners: ReadonlyMap<string, FlagOwner>,
  own: Readonly<Record<string, FlagKind>>,
  positionals: readonly string[] = ['FILE'],
): StepArguments {
  const spelled = args.map((argument, i) => {
    const owner = argument.startsWith('--') ? owners.get(argument.slice(2)) : undefined;
    const stands = owner?.spec.params[owner.id]?.kind === 'boolean' && !/^(true|false)$/.test(args[i + 1] ?? '');
    return stands ? `${argument}=true` : argument;
  });
  const flags = {
    ...own,
    ...common,
    ...Object.fromEntries([...owners.keys()].map((name) => [name, 'value' as const])),
  };
  const parsed = parseArguments(spelled, flags);
  const positional = takePositionals(command, parsed.positional, positionals);
  const file = positional[positionals.indexOf('FILE')]!;
  const inputs: Record<string, unknown> = {
    data: { file: resolve(file), signal: signalFlag(parsed.values['signal']), ...hintsOfFlags(parsed) },
  };
  const parameters: Record<string, unknown>[] = [];
  for (const [name, { step, spec, id }] of owners) {
    const values = (parameters[step] ??= {});
    const text = parsed.values[name];
    if (text === undefined) continue;
    const param = spec.params[id]!;
    if (param.kind === 'input' && !param.words?.some((word) => word.value === text)) {
      inputs[id] = { file: resolve(text) };
      values[id] = id;
    } else if (param.kind === 'inputs') {
      values[id] = text.split(',').map((one, i) => {
        inputs[`${id}${i + 1}`] = { file: resolve(one) };
        return `${id}${i + 1}`;
      });
    } else values[id] = flagValue(param, text);
  }
  return { parsed, positional, inputs, parameters };
}

/** A complaint about a parameter in the words of a command line: `--centre: …` for `steps[0].parameters.centre: …`. */
function asFlags(thrown: unknown): unknown {
  if (!(thrown instanceof EigenscopeError)) return thrown;
  const message = thrown.message.replace(/^steps\[\d+\]\.parameters\.(?=\w+:)/, '--');
  return new EigenscopeError(thrown.code, message, thrown.details, thrown);
}

/** Runs a recipe that a command line stands for. */
export async function runCommand(
  recipe: Record<string, unknown>,
  out: string | null,
  parsed: ParsedArguments,
  context: Context,
): Promise<void> {
  const plugins = await context.plugins();
  const seed = parsed.values['seed'];
  await runRecipe(parseRecipe({ eigenscope: 1, ...recipe }), context.platform, context.pool(), {
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

/** What the help of every such command says of the flags that all of them take. */
export const commonHelp = [
  '  --signal N      which signal of the file, from 0 on (default: 0)',
  '  --dataset PATH  which data set of an HDF5 file; --navigation-shape, --signal-shape, --frames, --sum-frames,',
  '                  --detector and --raw-type say what a file does not',
  '  --seed N        start of the random numbers (default: 0)',
  '  --force         replaces what is there',
];
