import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{main,workers,renderer,test}/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**', 'out/**'],
    globalSetup: ['test/tools/global-setup.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
