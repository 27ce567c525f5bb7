import { mkdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../../platform.ts';
import { dataFolder, findAppRoot, readAppVersion } from './app-root.ts';

export interface NodePlatformOptions {
  host: Platform['host'];
  /** null = anywhere */
  roots: readonly string[] | null;
  dialogs?: Platform['dialogs'];
  /** settings and autosaved projects; the user's own folder when left out */
  data?: string;
  threads?: number;
  memoryLimit?: number;
  log?(line: string): void;
}

/** What every host supplies in the same way, from the place of the built files and the operating system. */
export function createNodePlatform(options: NodePlatformOptions): Platform {
  const root = findAppRoot(import.meta.url);
  const data = options.data ?? dataFolder();
  // a command that only reads leaves no traces and needs no home folder
  if (options.host !== 'cli') mkdirSync(data, { recursive: true });
  return {
    host: options.host,
    version: readAppVersion(root),
    dataFolder: data,
    assetsFolder: join(root, 'assets'),
    workerFile: join(root, 'out', 'main', 'worker.js'),
    pluginFile: join(root, 'out', 'main', 'plugin.js'),
    threads: options.threads ?? availableParallelism(),
    // counts what caches would give back, and the limit of a container
    freeMemory: () => process.availableMemory(),
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
    totalMemory: () => Math.min(totalmem(), process.constrainedMemory() || Infinity),
    dialogs: options.dialogs ?? null,
    roots: options.roots,
    log: options.log ?? ((line) => void process.stderr.write(`${line}\n`)),
  };
}
