import { EigenscopeError } from '../../../workers/model/errors.ts';

/** `--set steps[0].parameters.output_dimension=5`: the value is JSON, or text where it is not. */
export function setPath(target: unknown, assignment: string): void {
  const equals = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(0, equals));
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  if (equals < 0 || keys.length === 0 || keys.some((key) => ['__proto__', 'constructor', 'prototype'].includes(key))) {
    throw new EigenscopeError(
      'bad-request',
      `--set takes path=value, such as steps[0].parameters.output_dimension=5; got “${assignment}”.`,
    );
  }
  const text = assignment.slice(equals + 1);
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // text as it stands
  }
  if (typeof target !== 'object' || target === null) {
    throw new EigenscopeError('bad-recipe', `--set ${path}: the recipe is not an object.`, { path });
  }
  let at = target as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    // A step without parameters takes all defaults; there is a place for one nevertheless.
    if (key === 'parameters' && !Object.hasOwn(at, key)) at[key] = {};
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (typeof next !== 'object' || next === null) {
      throw new EigenscopeError('bad-recipe', `--set ${path}: the recipe has nothing at “${key}”.`, { path });
    }
    at = next as Record<string, unknown>;
  }
  at[keys.at(-1)!] = value;
}
