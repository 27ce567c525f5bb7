import { mkdtemp, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { createApp } from '../../main/app.ts';
import type { App, AppEvent } from '../../main/app-types.ts';
import type { EventName, Events, JobState, MethodName, Params, Result } from '../../main/contract/methods.ts';
import type { Platform } from '../../main/platform.ts';

const root = resolve(import.meta.dirname, '../..');

const threadFiles = (): Pick<Platform, 'workerFile' | 'pluginFile'> => {
  const { workerFile, pluginFile } = inject('threads');
  return { workerFile, pluginFile };
};

/** The platform of the tests: temporary data folder, the threads' entries as they were built from source for this run. */
export function testPlatform(dataFolder: string, change: Partial<Platform> = {}): Platform {
  return {
    host: 'web',
    version: '0.0.0-test',
    dataFolder,
    assetsFolder: join(root, 'assets'),
    ...threadFiles(),
    threads: 2,
    freeMemory: () => totalmem() / 2,
    totalMemory: () => totalmem(),
    dialogs: null,
    roots: null,
    log: () => {},
    ...change,
  };
}

export interface TestApp {
  app: App;
  folder: string;
  events: AppEvent[];
  /** The value of a call, or the plain error thrown. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Resolves with the first event that fits, also one of the past. */
  until<E extends EventName>(name: E, fits: (payload: Events[E]) => boolean): Promise<Events[E]>;
  /** The job's last state. */
  ended(job: string): Promise<JobState>;
  close(): Promise<void>;
}

/** Starts the application as a host does; `folder` keeps its data over a restart. */
export async function startTestApp(folder?: string, change: Partial<Platform> = {}): Promise<TestApp> {
  const base = folder ?? (await mkdtemp(join(tmpdir(), 'eigenscope-app-')));
  const app = await createApp(testPlatform(join(base, 'data'), change));
  const events: AppEvent[] = [];
  const waiting = new Set<() => void>();
  app.on((event) => {
    events.push(event);
    for (const wake of waiting) wake();
  });
  const until: TestApp['until'] = async (name, fits) => {
    for (;;) {
      const found = events.findLast((event) => event.name === name && fits(event.payload as never));
      if (found !== undefined) return found.payload as never;
      await new Promise<void>((wake) => {
        const once = (): void => {
          waiting.delete(once);
          wake();
        };
        waiting.add(once);
      });
    }
  };
  return {
    app,
    folder: base,
    events,
    async call(method, params) {
      const reply = await app.call(method, params);
      if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
      return reply.value as never;
    },
    until,
    ended: (job) => until('job.changed', (state) => state.id === job && !['queued', 'running'].includes(state.status)),
    async close() {
      await app.shutdown();
      if (folder === undefined) await rm(base, { recursive: true, force: true });
    },
  };
}
