import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const output = join(root, 'test/output');
const name = 'threads-';
const dayMs = 86_400_000;

/** The built entries of the pool's threads and of the thread of custom algorithms. */
export interface ThreadFiles {
  folder: string;
  workerFile: string;
  pluginFile: string;
}

/** What a run that was killed has left behind. */
function removeOld(): void {
  for (const entry of readdirSync(output)) {
    const path = join(output, entry);
    if (entry.startsWith(name) && Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true });
  }
}

/** A new folder for one run of the tests: two runs at once have one each. */
export function placeForThreads(): ThreadFiles {
  mkdirSync(output, { recursive: true });
  removeOld();
  const folder = mkdtempSync(join(output, name));
  return { folder, workerFile: join(folder, 'worker.js'), pluginFile: join(folder, 'plugin.js') };
}

/**
 * Bundles what threads run, as the application does. Every thread would strip the types of 250 source files again, a
 * second of processor time each, and an application of the tests starts up to six of them.
 */
export async function buildThreads({ folder }: ThreadFiles): Promise<void> {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { worker: join(root, 'workers/entry.ts'), plugin: join(root, 'workers/plugins/thread.ts') },
        // the readers load each other when needed, and together here
        checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
      },
    },
  });
}
