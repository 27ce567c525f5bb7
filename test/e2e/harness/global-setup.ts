import { mkdirSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../../../main/hosts/launch/build.mjs';
import { findBrowser, whatToInstall } from '../../tools/find-browser.mjs';
import type { FoundBrowser } from '../../tools/find-browser.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    browser: FoundBrowser;
  }
}

/** Builds what is stale and finds the browser, once for all files. */
export default async function setup(project: TestProject): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await ensureBuilt({ say });
  const browser = await findBrowser({ say });
  if (browser === null) throw new Error(whatToInstall);
  project.provide('browser', browser);
  mkdirSync('test/output', { recursive: true });
}
