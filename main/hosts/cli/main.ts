import { EigenscopeError } from '../../../workers/model/errors.ts';
import { createContext } from './context.ts';
import { exitStatus, statusOf } from './exit-status.ts';
import { createProgress } from './progress.ts';
import { takeGlobalFlags } from './global-flags.ts';
import type { Context } from './context.ts';

type Command = (args: readonly string[], context: Context) => Promise<void>;

/** Commands by name; loaded when called, so that `info` does not wait for what `serve` needs. */
const commands: Readonly<Record<string, { summary: string; load(): Promise<Command> }>> = {
  info: {
    summary: 'FILE [--json] [--stats]      lists the signals in a file',
    load: async () => (await import('./commands/info.ts')).info,
  },
  convert: {
    summary: 'IN OUT [--signal N]          reads any supported file and writes another format',
    load: async () => (await import('./commands/convert.ts')).convert,
  },
  algorithms: {
    summary: '[ID] [--json]                lists the algorithms, or one with its parameters',
    load: async () => (await import('./commands/algorithms.ts')).algorithms,
  },
  run: {
    summary: 'RECIPE [--out DIR] [--set path=value] [--seed N] [--force]   runs a recipe',
    load: async () => (await import('./commands/run.ts')).run,
  },
  decompose: {
    summary: 'FILE [--algorithm ID] [--PARAM VALUE …] [--out DIR]         one decomposition',
    load: async () => {
      const { step } = await import('./commands/step.ts');
      return (args, context) => step('decomposition', args, context);
    },
  },
  session: {
    summary: 'SESSION [--json]             what a saved session holds',
    load: async () => (await import('./commands/session.ts')).session,
  },
  figure: {
    summary: 'SESSION RESULT KIND --out FILE.(svg|pdf|png)   a figure of a saved session at its real size',
    load: async () => (await import('./commands/figure.ts')).figure,
  },
  serve: {
    summary: '[FILE …] [--port N] [--root DIR]   the window for a browser on this computer',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
};

function help(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`);
  return [
    'eigenscope COMMAND …',
    ...lines,
    '',
    'With every command: --threads N, --progress json|none, --debug, --help',
  ].join('\n');
}

async function main(): Promise<number> {
  let interrupt: (() => void) | null = null;
  let interrupted = false;
  process.on('SIGINT', () => {
    interrupted = true;
    if (interrupt === null) process.exit(exitStatus.cancelled);
    interrupt();
  });
  let progress = createProgress('none');
  let debug = false;
  let context: ReturnType<typeof createContext> | null = null;
  try {
    const flags = takeGlobalFlags(process.argv.slice(2));
    const [name, ...args] = flags.rest;
    const { wantsHelp, threads } = flags;
    debug = flags.debug;
    progress = createProgress(flags.progress);
    if (name === undefined || wantsHelp) {
      process.stdout.write(`${help()}\n`);
      return name === undefined && !wantsHelp ? exitStatus.wrongUse : exitStatus.done;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new EigenscopeError(
        'bad-request',
        `There is no command “${name}”; there are ${Object.keys(commands).join(', ')}.`,
      );
    }
    context = createContext(threads, progress, (stop) => (interrupt = stop));
    await (
      await command.load()
    )(args, context);
    return exitStatus.done;
  } catch (thrown) {
    progress.end();
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const bug = thrown instanceof EigenscopeError ? '' : 'internal error: ';
    process.stderr.write(`eigenscope: ${bug}${message.replaceAll('\n', ' ')}\n`);
    if (debug && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
    return interrupted ? exitStatus.cancelled : statusOf(thrown);
  } finally {
    await context?.close();
  }
}

process.exitCode = await main();
