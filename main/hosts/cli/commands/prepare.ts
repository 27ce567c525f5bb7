import { resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import type { AlgorithmSpec } from '../../../../workers/specs/algorithm.ts';
import { helpText } from '../../../../workers/specs/describe.ts';
import { allPreparations } from '../../../../workers/specs/preparations.ts';
import type { Context } from '../context.ts';
import { commonHelp, readStepArguments, runCommand } from '../param-flags.ts';

const ids = (): string => allPreparations.map(({ id }) => id).join(', ');

function specOf(id: string | undefined): AlgorithmSpec {
  const spec = allPreparations.find((one) => one.id === id);
  if (spec !== undefined) return spec;
  throw new EigenscopeError('bad-request', `prepare takes a step first: ${ids()}; got ${id ?? 'nothing'}.`);
}

/** What `prepare --help` prints: the steps, or the flags of the one that is named. */
export function prepareHelp(args: readonly string[]): Promise<string> {
  const spec = allPreparations.find(({ id }) => id === args[0]);
  const text = [
    'eigenscope prepare STEP FILE OUT [--PARAM VALUE …]',
    '',
    ...(spec === undefined
      ? allPreparations.map(({ id, summary }) => `  ${id.padEnd(19)} ${summary}`)
      : [helpText(spec)]),
    '',
    ...commonHelp,
    '',
    'OUT is a file of any format that can be written. Several steps one after the other are a recipe (run).',
  ];
  return Promise.resolve(text.join('\n'));
}

/** One preparation step on a file, written to another file: `prepare crop map.dm4 cut.hspy --axis Energy --start 200`. */
export async function prepare(args: readonly string[], context: Context): Promise<void> {
  const spec = specOf(args[0]);
  const owners = new Map(Object.keys(spec.params).map((id) => [id, { step: 0, spec, id }]));
  const read = readStepArguments('prepare', args, owners, {}, ['STEP', 'FILE', 'OUT']);
  const target = resolve(read.positional[2]!);
  const steps = [{ id: spec.id, do: spec.id, of: 'data', parameters: read.parameters[0] ?? {} }];
  const outputs = [{ of: spec.id, file: target }];
  await runCommand({ inputs: read.inputs, steps, outputs }, null, read.parsed, context);
}
