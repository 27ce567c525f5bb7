import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../main/hosts/launch/build.mjs';

export interface StartedHost {
  /** the link with its one-time token */
  url: string;
  /** settings and autosaved projects of this host; removed at the end unless it was given */
  data: string;
  /** a folder the window may list, read and write; removed at the end unless it was given */
  folder: string;
  /** all it wrote on standard error */
  errors(): string;
  /** Ends it as Ctrl+C does. */
  close(): Promise<void>;
  /** Ends it as a power cut does: nothing is written any more. */
  kill(): Promise<void>;
}

export interface HostOptions {
  files?: readonly string[];
  data?: string;
  folder?: string;
  roots?: readonly string[];
  /** the built web host; another one than the project's own, for tests that alter it */
  program?: string;
}

const startPatienceMs = 30_000;

/** Starts the built web host as a process of its own, on a free port, with its own settings. */
export async function startHost(options: HostOptions = {}): Promise<StartedHost> {
  const temporary = mkdtempSync(join(tmpdir(), 'eigenscope-e2e-'));
  const data = options.data ?? join(temporary, 'data');
  const folder = options.folder ?? temporary;
  const roots = [folder, ...(options.roots ?? [])].flatMap((root) => ['--root', root]);
  const child = fork(
    options.program ?? join(projectRoot, 'out/main/web.js'),
    ['--no-open', '--data', data, ...roots, ...(options.files ?? [])],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] },
  );
  let errors = '';
  child.stderr?.on('data', (part: Buffer) => (errors += part.toString()));
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The web host did not start:\n${errors}`)), startPatienceMs);
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve((message as { url: string }).url);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The web host ended with status ${code}:\n${errors}`));
    });
  });
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  };
  return {
    url,
    data,
    folder,
    errors: () => errors,
    async close() {
      await end('SIGINT');
      rmSync(temporary, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
  };
}
