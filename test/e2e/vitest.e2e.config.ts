import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import { findElectron } from '../../main/hosts/launch/electron-runtime.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** These hold a clock to what they see: nothing else runs beside them. */
const timed = ['test/e2e/responsiveness.e2e.ts', 'test/e2e/trouble.e2e.ts'];

/** A window waits for itself half of the time. Those of Electron would take the focus from each other. */
const atOnce = findElectron(projectRoot) === null ? Math.min(2, availableParallelism()) : 1;

/** What is waited for comes from other threads of a machine that may be busy. */
const common = {
  testTimeout: 120_000,
  hookTimeout: 60_000,
  pool: 'forks',
  expect: { poll: { timeout: 15_000 } },
} as const;

/* The end-to-end tests: the built application, its web host, a real browser (and Electron where its runtime is). */
export default defineConfig({
  root,
  test: {
    globalSetup: ['test/e2e/harness/global-setup.ts'],
    projects: [
      {
        root,
        test: {
          ...common,
          name: 'windows',
          include: ['test/e2e/**/*.e2e.ts'],
          exclude: timed,
          maxWorkers: atOnce,
          sequence: { groupOrder: 0 },
        },
      },
      { root, test: { ...common, name: 'timed', include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
