import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, describe, inject } from 'vitest';
import { projectRoot } from '../../../main/hosts/launch/build.mjs';
import { electronObstacle, findElectron } from '../../../main/hosts/launch/electron-runtime.mjs';
import { startHost } from './web-host.ts';
import type { HostOptions } from './web-host.ts';

export interface OpenedWindow {
  page: Page;
  /** what a person would never see: console errors, exceptions, refused loads; a good test ends with none */
  problems: readonly string[];
  /** a folder that the window may list, read and write */
  folder: string;
  /** settings and autosaved projects; give it to the next window to find them again */
  data: string;
  /** Electron: what its native file dialogs answer from now on; null where the page has a dialog of its own */
  answerDialogs: ((path: string) => Promise<void>) | null;
  /** a picture in test/output, for people to look at */
  screenshot(name: string): Promise<void>;
  /** Ends page and application in order. */
  close(): Promise<void>;
  /** Ends the application as a power cut does; the page stays as it was. */
  crash(): Promise<void>;
}

export interface WindowOptions extends HostOptions {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
}

export type OpenWindow = (options?: WindowOptions) => Promise<OpenedWindow>;

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('crash', () => problems.push('the page crashed'));
  return problems;
}

const shoot =
  (page: Page) =>
  async (name: string): Promise<void> => {
    await page.screenshot({ path: join(projectRoot, 'test/output', `${name}.png`) });
  };

let browser: Promise<Browser> | null = null;

/** One browser for the windows of a test file; each window has a profile of its own in it, with nothing kept. */
function sharedBrowser(): Promise<Browser> {
  const { executablePath, args } = inject('browser');
  browser ??= chromium.launch({ executablePath, args });
  return browser;
}

afterAll(async () => {
  await (await browser)?.close();
  browser = null;
});

/** The window in a real browser, served by a host of its own. */
export const openInBrowser: OpenWindow = async (options = {}) => {
  const host = await startHost(options);
  const shared = await sharedBrowser();
  const context = await shared.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: options.reducedMotion ?? 'no-preference',
  });
  const page = await context.newPage();
  const problems = watch(page);
  await page.goto(host.url);
  return {
    page,
    problems,
    folder: host.folder,
    data: host.data,
    answerDialogs: null,
    screenshot: shoot(page),
    async close() {
      await context.close();
      await host.close();
    },
    async crash() {
      await host.kill();
      await context.close();
    },
  };
};

/** The window in Electron, with its own settings; as root its sandbox cannot be had, which only a test may accept. */
export const openInElectron: OpenWindow = async (options = {}) => {
  const temporary = mkdtempSync(join(tmpdir(), 'eigenscope-e2e-'));
  const data = options.data ?? join(temporary, 'data');
  const program = findElectron(projectRoot);
  if (program === null) throw new Error('Electron’s runtime is not there.');
  const electron = await _electron.launch({
    executablePath: program,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), projectRoot, ...(options.files ?? [])],
    env: { ...process.env, EIGENSCOPE_DATA: data } as Record<string, string>,
    colorScheme: options.colorScheme ?? 'light',
  });
  const page = await electron.firstWindow();
  await page.setViewportSize({ width: options.width ?? 1440, height: options.height ?? 900 });
  const problems = watch(page);
  return {
    page,
    problems,
    folder: options.folder ?? temporary,
    data,
    answerDialogs: (path) =>
      electron.evaluate(({ dialog }, answer) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [answer] });
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: answer });
      }, path),
    screenshot: shoot(page),
    async close() {
      await electron.close();
      rmSync(temporary, { recursive: true, force: true });
    },
    async crash() {
      electron.process().kill('SIGKILL');
      await electron.close().catch(() => undefined);
    },
  };
};

/** Why the same scripts cannot run in Electron here, or null. */
export function whyNoElectron(): string | null {
  if (findElectron(projectRoot) === null) return 'its runtime is not there';
  return electronObstacle({ userId: 1000 });
}

/** Describes what holds in the window, whichever host shows it: once in the browser, once in Electron or skipped with the reason. */
export function describeWindow(name: string, body: (open: OpenWindow) => void): void {
  describe(`${name}, in a browser`, () => body(openInBrowser));
  const why = whyNoElectron();
  describe.skipIf(why !== null)(`${name}, in Electron${why === null ? '' : ` (skipped: ${why})`}`, () =>
    body(openInElectron),
  );
}
