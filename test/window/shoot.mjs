// Pictures of the window in a real Chromium, and what axe-core finds in each: node test/window/shoot.mjs OUT_FOLDER [NAME …].
// Build it first: npx vite build --config test/window/vite.config.ts
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { scenes } from './scenes.mjs';

const root = join(import.meta.dirname, '../../out/test-window');
const axe = await readFile(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://x').pathname).replace(/^\/+/, '') || 'index.html';
  if (path === 'favicon.ico') {
    response.writeHead(204).end();
    return;
  }
  try {
    const body = await readFile(join(root, path));
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}/`;

const [folder = '/tmp/window', ...names] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--force-color-profile=srgb'],
});
let problems = 0;
for (const scene of scenes.filter((s) => names.length === 0 || names.some((n) => s.name.includes(n)))) {
  const page = await browser.newPage({ viewport: { width: scene.width ?? 1366, height: scene.height ?? 768 } });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems++;
      console.log(`${scene.name}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => {
    problems++;
    console.log(`${scene.name}: ${error.stack}`);
  });
  await page.goto(`${base}?${scene.query}`);
  await page.waitForTimeout(scene.wait ?? 900);
  await scene.act?.(page);
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(folder, `${scene.name}.png`) });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of violations) {
    problems++;
    const where = violation.nodes
      .slice(0, 4)
      .map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? node.all[0]?.message ?? ''})`);
    console.log(`${scene.name}: ${violation.id}, ${violation.nodes.length}: ${where.join(' | ')}`);
  }
  await page.close();
}
await browser.close();
server.close();
console.log(problems === 0 ? 'no problems' : `${problems} problems`);
