import { dirname, join, resolve } from 'node:path';
import { homedir } from 'node:os';
import { stat } from 'node:fs/promises';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import { createApp } from '../../app.ts';
import { findAppRoot } from '../shared/app-root.ts';
import { createNodePlatform } from '../shared/node-platform.ts';
import { createOpenQueue } from '../shared/open-queue.ts';
import { openBrowser } from './open-browser.ts';
import { startWebHost } from './server.ts';

export interface ServeOptions {
  /** 0 for a free one */
  port: number;
  /** folders that may be listed, read and written; the home folder when empty */
  roots: readonly string[];
  /** files to open; their folders are added to the roots */
  files: readonly string[];
  /** open the default browser */
  open: boolean;
  /** settings and autosaved projects; the user's own folder when left out */
  data?: string;
  /** what the person reads, a line at a time */
  print(line: string): void;
  log(line: string): void;
}

export interface Serving {
  url: string;
  /** Ends the jobs, closes the page's connections and what is open. */
  close(): Promise<void>;
}

const sentences: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be used by this account',
};

async function checkedFolders(options: ServeOptions): Promise<{ roots: string[]; files: string[] }> {
  const roots = options.roots.map((root) => resolve(root));
  for (const root of roots) {
    const found = await stat(root).catch(() => null);
    if (found === null || !found.isDirectory()) {
      throw new EigenscopeError('file-not-found', `--root ${root} is not a folder.`, { path: root });
    }
  }
  if (roots.length === 0) roots.push(homedir());
  const files = options.files.map((file) => resolve(file));
  for (const file of files) {
    if ((await stat(file).catch(() => null)) === null) {
      throw new EigenscopeError('file-not-found', `${file} was not found.`, { path: file });
    }
    if (!roots.includes(dirname(file))) roots.push(dirname(file));
  }
  return { roots, files };
}

/**
 * The window in a browser on this PC: builds the application, serves it on 127.0.0.1 and opens the default browser,
 * or prints the address where there is none.
 *
 * @throws EigenscopeError `file-not-found` for a root or file that is not there, `busy` when the port cannot be had
 */
export async function serveWindow(options: ServeOptions): Promise<Serving> {
  const { roots, files } = await checkedFolders(options);
  const platform = createNodePlatform({
    host: 'web',
    roots,
    log: options.log,
    ...(options.data === undefined ? {} : { data: options.data }),
  });
  const app = await createApp(platform);
  const opens = createOpenQueue();
  opens.request(files);
  const host = await startWebHost({
    app,
    port: options.port,
    pages: join(findAppRoot(import.meta.url), 'out', 'renderer'),
    opens,
    log: options.log,
  }).catch(async (thrown: NodeJS.ErrnoException) => {
    await app.shutdown();
    const why = sentences[thrown.code ?? ''];
    if (why === undefined) throw thrown;
    throw new EigenscopeError(
      'busy',
      `Port ${options.port} of 127.0.0.1 ${why}; choose another with --port N, or leave --port out for a free one.`,
      { port: options.port },
    );
  });
  const address = `Eigenscope is at ${host.url}`;
  if (!options.open) {
    options.print(`${address} (Ctrl+C ends it)`);
  } else {
    const result = await openBrowser(host.url);
    options.print(
      result.opened
        ? `Eigenscope is open in your browser (${host.url.split('?')[0]}); Ctrl+C ends it.`
        : `${address} (${result.why}; open the link in a browser on this machine, Ctrl+C ends it)`,
    );
  }
  return {
    url: host.url,
    async close() {
      await host.close();
      await app.shutdown();
    },
  };
}
