import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Scalar } from '../../workers/model/result.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';

/** Parameters that take the number an earlier step finds (`{"from": "id"}`), with the step's id. */
export type LateValues = Readonly<Record<string, string>>;

const isFrom = (value: unknown): value is { from: string } =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  typeof (value as { from?: unknown }).from === 'string';

/**
 * Parts what is known from what an earlier step has yet to find. Only whole numbers can be found later.
 * @returns parameters with a value that fits in the place of each, so that the rest can be checked
 */
export function partLateValues(
  spec: AlgorithmSpec,
  parameters: Readonly<Record<string, unknown>>,
): { parameters: Record<string, unknown>; late: LateValues } {
  const late: Record<string, string> = {};
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const param = Object.hasOwn(spec.params, name) ? spec.params[name] : undefined;
    if (param?.kind === 'integer' && isFrom(value)) {
      late[name] = value.from;
      known[name] = param.default ?? param.min;
    } else known[name] = value;
  }
  return { parameters: known, late };
}

/**
 * The parameters with what the earlier steps have found.
 * @param scalarsOf scalars of an earlier step's result
 * @throws EigenscopeError `bad-recipe` when a step has found no number
 */
export function fillLateValues(
  parameters: Readonly<Record<string, unknown>>,
  late: LateValues,
  scalarsOf: (step: string) => Readonly<Record<string, Scalar>> | undefined,
  where: string,
): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...parameters };
  for (const [name, step] of Object.entries(late)) {
    const found = scalarsOf(step)?.['best_k'];
    if (typeof found !== 'number') {
      throw new EigenscopeError('bad-recipe', `${where}.${name}: “${step}” has found no number that could stand here.`);
    }
    filled[name] = found;
  }
  return filled;
}
