import type { Platform } from '../../platform.ts';
import { createPlugins, type Plugins } from '../../services/plugins.ts';
import { openSettings } from '../../services/settings.ts';
import { parseMemory } from '../../services/memory.ts';
import { createPool, type Pool } from '../../services/pool.ts';
import { createNodePlatform } from '../shared/node-platform.ts';
import { wholeNumber } from './arguments.ts';
import type { ProgressSink } from './progress.ts';

/** What a command works with; the pool is started when it is first used. */
export interface Context {
  platform: Platform;
  pool(): Pool;
  /** custom algorithms of this user, made known when first asked for */
  plugins(): Promise<Plugins>;
  progress: ProgressSink;
  print(text: string): void;
  warn(line: string): void;
  /** set by a command that can be cancelled; called on Ctrl+C */
  onInterrupt(stop: (() => void) | null): void;
}

export function createContext(
  { threads, memory }: { threads: string | undefined; memory: string | undefined },
  progress: ProgressSink,
  onInterrupt: Context['onInterrupt'],
): Context & { close(): Promise<void> } {
  const platform = createNodePlatform({
    host: 'cli',
    roots: null,
    ...(threads === undefined ? {} : { threads: wholeNumber('threads', threads, 1) }),
    ...(memory === undefined ? {} : { memoryLimit: parseMemory('--memory', memory) }),
  });
  let pool: Pool | null = null;
  let plugins: Promise<Plugins> | null = null;
  return {
    platform,
    pool: () => (pool ??= createPool(platform)),
    plugins: () =>
      (plugins ??= openSettings(platform.dataFolder).then((kept) => createPlugins(kept.plugins, kept.setPlugins))),
    progress,
    print(text) {
      progress.end();
      process.stdout.write(`${text}\n`);
    },
    warn(line) {
      progress.end();
      process.stderr.write(`eigenscope: warning: ${line}\n`);
    },
    onInterrupt,
    async close() {
      await pool?.close();
    },
  };
}
