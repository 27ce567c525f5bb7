import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { describeAlgorithm, helpText } from '../../../../workers/specs/describe.ts';
import { knownAlgorithms } from '../../../../workers/specs/registry.ts';
import { parseArguments } from '../arguments.ts';
import type { Context } from '../context.ts';

/** Lists the algorithms, or one with its parameters, defaults, ranges and reference. */
export async function algorithms(args: readonly string[], context: Context): Promise<void> {
  await context.plugins();
  const all = knownAlgorithms();
  const parsed = parseArguments(args, { json: 'switch' });
  const [id, ...more] = parsed.positional;
  if (more.length > 0)
    throw new EigenscopeError('bad-request', `algorithms takes one ID; got ${parsed.positional.join(' ')}.`);
  const chosen = id === undefined ? all : all.filter((spec) => spec.id === id);
  if (chosen.length === 0) {
    throw new EigenscopeError(
      'unknown-algorithm',
      `There is no algorithm “${id}”; there are ${all.map((s) => s.id).join(', ')}.`,
    );
  }
  if (parsed.switches.has('json')) {
    const described = chosen.map(describeAlgorithm);
    context.print(JSON.stringify(id === undefined ? { algorithms: described } : described[0], null, 1));
    return;
  }
  if (id !== undefined) context.print(helpText(chosen[0]!));
  else for (const spec of chosen) context.print(`${spec.id.padEnd(34)} ${spec.family.padEnd(16)} ${spec.summary}`);
}
