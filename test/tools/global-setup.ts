import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { buildKernels } from '../../workers/kernels/build.mjs';
import { buildThreads, placeForThreads } from './build-threads.ts';
import type { ThreadFiles } from './build-threads.ts';

declare module 'vitest' {
  interface ProvidedContext {
    threads: ThreadFiles;
  }
}

/** What is made from source before tests can run it: they must never meet an older one. */
export default async function setup(project: TestProject): Promise<() => void> {
  const threads = placeForThreads();
  const build = async (): Promise<void> => {
    await buildKernels();
    await buildThreads(threads);
  };
  const remove = (): void => rmSync(threads.folder, { recursive: true, force: true });
  try {
    await build();
  } catch (cause) {
    remove();
    throw cause;
  }
  project.onTestsRerun(build);
  project.provide('threads', threads);
  return remove;
}
