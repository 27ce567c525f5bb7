import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/* Builds the window on the fake client, for pictures: npx vite build --config test/window/vite.config.ts */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte({ configFile: false })],
  build: { outDir: '../../out/test-window', emptyOutDir: true, target: 'chrome140' },
});
