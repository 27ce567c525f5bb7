import { basename, extname, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import type { Param } from '../../../../workers/specs/param.ts';
import { resolveStep } from '../../../../workers/specs/registry.ts';
import { parseRecipe } from '../../../contract/recipe.ts';
import { runRecipe } from '../../../services/recipe-runner.ts';
import type { FlagKind } from '../arguments.ts';
import { parseArguments, takePositionals, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { signalFlag } from './info.ts';

/** A flag's text as the parameter's value; what does not fit is refused by the same check as a recipe's. */
function flagValue(param: Param, text: string): unknown {
  if (param.kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (param.kind === 'integer' || param.kind === 'number')
    return text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text);
  if (param.kind === 'components') {
    const list = text.split(',').map(Number);
    return list.length === 1 ? list[0] : list;
  }
  return text;
}

/**
 * One step without writing a recipe: `decompose FILE --algorithm ID --PARAM VALUE …`. The flags come from the
 * algorithm's own description; masks are given as files.
 */
export async function step(operation: string, args: readonly string[], context: Context): Promise<void> {
  const algorithmAt = args.findIndex((a) => a === '--algorithm' || a.startsWith('--algorithm='));
  const algorithm = algorithmAt < 0 ? null : (args[algorithmAt]!.split('=')[1] ?? args[algorithmAt + 1] ?? null);
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
    if (param.kind === 'input') {
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
    outputs: spec.family === 'decomposition' ? [{ of: id, file: `${out}/${id}.npz` }] : [],
  });
  const seed = parsed.values['seed'];
  const written = await runRecipe(recipe, context.platform, context.pool(), {
    base: process.cwd(),
    out,
    seed: seed === undefined ? 0 : wholeNumber('seed', seed),
    force: parsed.switches.has('force'),
    onStage: context.progress.stage,
    onControl: context.onInterrupt,
  });
  context.progress.end();
  if (written.length === 0) throw new EigenscopeError('not-writable', 'Nothing was written.');
  for (const place of written) context.print(place);
}
