import { EigenscopeError } from '../../../workers/model/errors.ts';

export interface GlobalFlags {
  rest: string[];
  debug: boolean;
  wantsHelp: boolean;
  progress: 'auto' | 'json' | 'none';
  threads: string | undefined;
  memory: string | undefined;
}

/** Takes the flags that every command knows out of the arguments, wherever they stand. */
export function takeGlobalFlags(args: readonly string[]): GlobalFlags {
  const flags: GlobalFlags = {
    rest: [],
    debug: false,
    wantsHelp: false,
    progress: 'auto',
    threads: undefined,
    memory: undefined,
  };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--') {
      flags.rest.push(...args.slice(i));
      break;
    }
    const [name, inline] = args[i]!.split('=', 2) as [string, string?];
    const value = (): string => {
      const given = inline ?? args[++i];
      if (given === undefined) throw new EigenscopeError('bad-request', `${name} needs a value after it.`);
      return given;
    };
    if (name === '--debug') flags.debug = true;
    else if (name === '--help' || name === '-h') flags.wantsHelp = true;
    else if (name === '--threads') flags.threads = value();
    else if (name === '--memory') flags.memory = value();
    else if (name === '--progress') {
      const mode = value();
      if (mode !== 'json' && mode !== 'none' && mode !== 'auto') {
        throw new EigenscopeError('bad-request', `--progress takes json, none or auto; got “${mode}”.`);
      }
      flags.progress = mode;
    } else flags.rest.push(args[i]!);
  }
  return flags;
}
