import { EigenscopeError } from '../../../workers/model/errors.ts';
import { createContext } from './context.ts';
import { exitStatus, statusOf } from './exit-status.ts';
import { createProgress } from './progress.ts';
import { takeGlobalFlags } from './global-flags.ts';
import type { Context } from './context.ts';
import { removeUnfinished } from '../../io/unfinished.ts';

/** Ends with a number where the exit status is not 0 though nothing was thrown. */
type Command = (args: readonly string[], context: Context) => Promise<unknown>;

interface CommandEntry {
  summary: string;
  load(): Promise<Command>;
  /** what --help prints beneath the summary, given the other arguments */
  help?(args: readonly string[]): Promise<string>;
}

/** Commands by name; loaded when called, so that `info` does not wait for what `serve` needs. */
const commands: Readonly<Record<string, CommandEntry>> = {
  info: {
    summary: 'FILE [--json] [--stats] [--probe SIGNAL:I,J,K]   lists the signals in a file',
    load: async () => (await import('./commands/info.ts')).info,
  },
  convert: {
    summary: 'IN OUT [--signal N] [--force]   reads any supported file and writes another format',
    load: async () => (await import('./commands/convert.ts')).convert,
  },
  prepare: {
    summary: 'STEP FILE OUT [--PARAM VALUE …]   crops, bins, smooths, removes a background …; --help lists the steps',
    load: async () => (await import('./commands/prepare.ts')).prepare,
    help: async (args) => (await import('./commands/prepare.ts')).prepareHelp(args),
  },
  algorithms: {
    summary: '[ID] [--json]   lists the algorithms, or one with its parameters',
    load: async () => (await import('./commands/algorithms.ts')).algorithms,
  },
  run: {
    summary: 'RECIPE [--out DIR] [--set path=value] [--seed N] [--force]   runs a recipe',
    load: async () => (await import('./commands/run.ts')).run,
  },
  batch: {
    summary: 'RECIPE FILE … [--out DIR] [--force]   runs one recipe on many files, a folder each',
    load: async () => (await import('./commands/batch.ts')).batch,
  },
  decompose: {
    summary: 'FILE [--algorithm ID] [--PARAM VALUE …] [--out DIR]   one decomposition; --help lists the flags',
    load: async () => {
      const { step } = await import('./commands/step.ts');
      return (args, context) => step('decomposition', args, context);
    },
    help: async (args) => (await import('./commands/step.ts')).stepHelp('decompose', 'decomposition', args),
  },
  cluster: {
    summary: 'FILE [--algorithm ID] [--PARAM VALUE …] [--out DIR]   groups of like pixels; --help lists the flags',
    load: async () => {
      const { step } = await import('./commands/step.ts');
      return (args, context) => step('cluster_analysis', args, context);
    },
    help: async (args) => (await import('./commands/step.ts')).stepHelp('cluster', 'cluster_analysis', args),
  },
  separate: {
    summary:
      'FILE [--decomposition ID] [--algorithm ID] [--PARAM VALUE …] [--out DIR]   a decomposition and a blind source separation of it; --help lists the flags',
    load: async () => (await import('./commands/separate.ts')).separate,
    help: async (args) => (await import('./commands/separate.ts')).separateHelp(args),
  },
  plugins: {
    summary: '[add|allow|remove FOLDER] [--json]   custom algorithms: what is there, and which may run',
    load: async () => (await import('./commands/plugins.ts')).plugins,
  },
  session: {
    summary: 'SESSION [--json] [--recipe FILE]   what a saved session holds, or the recipe that makes it again',
    load: async () => (await import('./commands/session.ts')).session,
  },
  figure: {
    summary:
      'SESSION RESULT KIND --out FILE.(svg|pdf|png|tiff)   a figure of a saved session at its real size; KIND is scree, factors or loadings',
    load: async () => (await import('./commands/figure.ts')).figure,
  },
  serve: {
    summary: '[FILE …] [--port N] [--root DIR]   the window for a browser on this computer',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
};

const everywhere = 'With every command: --threads N, --memory SIZE, --progress json|none, --debug, --help';

function help(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`);
  return ['eigenscope COMMAND …', ...lines, '', everywhere].join('\n');
}

const cancelled = 'cancelled; what had been finished before is kept.';

function oneLine(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const how = thrown instanceof EigenscopeError && thrown.code === 'exists' ? ' (--force)' : '';
  return message.replaceAll(/\s*[\r\n]+\s*/g, ' ') + how;
}

async function main(): Promise<number> {
  let interrupt: (() => void) | null = null;
  let interrupted = false;
  const leave = (status: number, sentence: string): never => {
    removeUnfinished();
    process.stderr.write(`eigenscope: ${sentence}\n`);
    process.exit(status);
  };
  const onSignal = (): void => {
    // The second time a person has waited long enough.
    if (interrupt === null || interrupted) leave(exitStatus.cancelled, cancelled);
    interrupted = true;
    interrupt?.();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', (thrown) => leave(exitStatus.bug, `internal error: ${oneLine(thrown)}`));
  // `eigenscope run … | head` closes the pipe: nobody reads any more, which does not end the work.
  process.stderr.on('error', () => {});
  process.stdout.on('error', () => {});
  let progress = createProgress('none');
  let debug = false;
  let context: ReturnType<typeof createContext> | null = null;
  try {
    const flags = takeGlobalFlags(process.argv.slice(2));
    const [name, ...args] = flags.rest;
    const { wantsHelp, threads, memory } = flags;
    debug = flags.debug;
    progress = createProgress(flags.progress);
    if (name === undefined || wantsHelp) {
      const entry = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (entry?.help !== undefined) {
        // what the user has allowed has flags as well
        context = createContext({ threads, memory }, progress, (stop) => (interrupt = stop));
        await context.plugins();
      }
      const own =
        entry === undefined
          ? help()
          : ((await entry.help?.(args)) ?? `eigenscope ${name} ${entry.summary}\n\n${everywhere}`);
      process.stdout.write(`${own}\n`);
      return name === undefined && !wantsHelp ? exitStatus.wrongUse : exitStatus.done;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new EigenscopeError(
        'bad-request',
        `There is no command “${name}”; there are ${Object.keys(commands).join(', ')}.`,
      );
    }
    context = createContext({ threads, memory }, progress, (stop) => (interrupt = stop));
    const run = await command.load();
    const status = await run(args, context);
    return typeof status === 'number' ? status : exitStatus.done;
  } catch (thrown) {
    progress.end();
    const bug = thrown instanceof EigenscopeError ? '' : 'internal error: ';
    process.stderr.write(`eigenscope: ${interrupted ? cancelled : bug + oneLine(thrown)}\n`);
    if (debug && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
    return interrupted ? exitStatus.cancelled : statusOf(thrown);
  } finally {
    await context?.close();
  }
}

process.exitCode = await main();
