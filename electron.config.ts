import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `main/hosts/launch/build.mjs` builds beside the old output and swaps, so that a failed build breaks nothing. */
const out = process.env['EIGENSCOPE_OUT'] ?? 'out';

/*
 * A thread loads what it is for and little else, in few files: a file costs it half a millisecond before its first task.
 * What a group depends on goes with it unless an earlier one has it.
 */
const groups = [
  { name: 'model', test: /workers[\\/](model|specs|control)/, priority: 3 },
  {
    name: 'compute',
    test: /workers[\\/](linalg|kernels|passes|matrix-view|tasks[\\/](task|lead|warm-up))/,
    priority: 2,
  },
  { name: 'algorithms', test: /workers[\\/]algorithms/, priority: 1 },
  { name: 'readers', test: /workers[\\/](readers|tasks[\\/]reading)/ },
];

/*
 * The one build description: the programs of the main side (Electron, web host, command line, pool entry, thread of custom algorithms), the
 * preload script, and the window's pages. Packages of `dependencies` stay outside the bundles; electron-builder
 * packs them (its settings are in electron-builder.yml).
 */
export default defineConfig({
  main: {
    build: {
      outDir: `${out}/main`,
      emptyOutDir: true,
      sourcemap: true,
      rolldownOptions: {
        input: {
          electron: at('main/hosts/electron/main.ts'),
          web: at('main/hosts/web/run.ts'),
          cli: at('main/hosts/cli/main.ts'),
          worker: at('workers/entry.ts'),
          plugin: at('workers/plugins/thread.ts'),
        },
        output: { codeSplitting: { groups } },
        // the readers load each other when needed, and together here
        checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
      },
    },
  },
  preload: {
    build: {
      outDir: `${out}/preload`,
      emptyOutDir: true,
      // a sandboxed preload script has no require of its own but Electron's: one CommonJS file, nothing outside
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('main/hosts/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    publicDir: false,
    plugins: [svelte({ configFile: false })],
    build: {
      outDir: `${out}/renderer`,
      emptyOutDir: true,
      // the page also opens in the browser of the lab PC, which may be older than Electron's Chromium
      target: 'es2022',
      minify: true,
      // the page's policy allows no inline data where a file will do
      assetsInlineLimit: 0,
      // one page from this computer: splitting it would save nothing
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: at('renderer/index.html'), checks: { bundlerTimings: false } },
    },
  },
});
