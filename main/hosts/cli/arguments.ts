import { EigenscopeError } from '../../../workers/model/errors.ts';

/** A flag that takes a value, that takes none, or that may stand several times. */
export type FlagKind = 'value' | 'switch' | 'list';

export interface ParsedArguments {
  positional: string[];
  values: Record<string, string>;
  switches: Set<string>;
  lists: Record<string, string[]>;
}

/**
 * Reads `--flag value`, `--flag=value` and positionals. A lone `--` ends the flags; a value may begin with a minus
 * sign when it is a number.
 * @throws EigenscopeError `bad-request` naming the flag and those that exist.
 */
export function parseArguments(args: readonly string[], flags: Readonly<Record<string, FlagKind>>): ParsedArguments {
  const parsed: ParsedArguments = { positional: [], values: {}, switches: new Set(), lists: {} };
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (argument === '--') {
      parsed.positional.push(...args.slice(i + 1));
      break;
    }
    if (!argument.startsWith('--')) {
      parsed.positional.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    const kind = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (kind === undefined) {
      const known = Object.keys(flags).map((flag) => `--${flag}`);
      throw new EigenscopeError(
        'bad-request',
        `There is no flag --${name} here; there are ${known.join(', ') || 'none'}.`,
      );
    }
    if (kind === 'switch') {
      if (equals >= 0) throw new EigenscopeError('bad-request', `--${name} takes no value.`);
      parsed.switches.add(name);
      continue;
    }
    const value = equals >= 0 ? argument.slice(equals + 1) : args[++i];
    if (value === undefined || (equals < 0 && value.startsWith('--'))) {
      throw new EigenscopeError('bad-request', `--${name} needs a value after it.`);
    }
    if (kind === 'list') (parsed.lists[name] ??= []).push(value);
    else parsed.values[name] = value;
  }
  return parsed;
}

/** The positionals a command takes, all of them and no more. */
export function takePositionals(command: string, given: readonly string[], names: readonly string[]): string[] {
  if (given.length !== names.length) {
    throw new EigenscopeError(
      'bad-request',
      `${command} takes ${names.join(' ') || 'no arguments'}; got ${given.length === 0 ? 'nothing' : given.join(' ')}.`,
    );
  }
  return [...given];
}

/** A whole number from a flag. */
export function wholeNumber(flag: string, text: string, least = 0): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || text.trim() === '') {
    throw new EigenscopeError('bad-request', `--${flag} takes a whole number from ${least}; got “${text}”.`);
  }
  return value;
}
