import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/* The end-to-end tests: the built application, its web host, a real browser (and Electron where its runtime is). */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['test/e2e/harness/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // each file has a browser and a pool of its own; more would only wait for the processor
    maxWorkers: 1,
  },
});
