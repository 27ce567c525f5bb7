import type { Platform } from '../../platform.ts';
import { createPool, type Pool } from '../../services/pool.ts';
import { createNodePlatform } from '../shared/node-platform.ts';
import { wholeNumber } from './arguments.ts';
import type { ProgressSink } from './progress.ts';

/** What a command works with; the pool is started when it is first used. */
export interface Context {
  platform: Platform;
  pool(): Pool;
  progress: ProgressSink;
  print(text: string): void;
  warn(line: string): void;
  /** set by a command that can be cancelled; called on Ctrl+C */
  onInterrupt(stop: (() => void) | null): void;
}

export function createContext(
  threads: string | undefined,
  progress: ProgressSink,
  onInterrupt: Context['onInterrupt'],
): Context & { close(): Promise<void> } {
  const platform = createNodePlatform({
    host: 'cli',
    roots: null,
    ...(threads === undefined ? {} : { threads: wholeNumber('threads', threads, 1) }),
  });
  let pool: Pool | null = null;
  return {
    platform,
    pool: () => (pool ??= createPool(platform.workerFile, platform.threads)),
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
