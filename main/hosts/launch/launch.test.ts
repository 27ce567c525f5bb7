import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, fingerprint, isStale, withLock } from './build.mjs';
import { electronObstacle, fetchElectron, findElectron } from './electron-runtime.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'eigenscope-launch-'));
  for (const folder of ['main/a', 'renderer', 'workers', 'out']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'main/a/b.ts'), '1');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('fingerprint', () => {
  it('changes with the content, name and presence of a source, and with nothing else', () => {
    const before = fingerprint(root);
    utimesSync(join(root, 'main/a/b.ts'), new Date(), new Date(0));
    writeFileSync(join(root, 'main/a/b.test.ts'), 'a test');
    writeFileSync(join(root, 'workers/wasm.gen.ts'), 'generated');
    expect(fingerprint(root)).toBe(before);
    writeFileSync(join(root, 'main/a/b.ts'), '2');
    const changed = fingerprint(root);
    expect(changed).not.toBe(before);
    writeFileSync(join(root, 'renderer/new.svelte'), '');
    expect(fingerprint(root)).not.toBe(changed);
    rmSync(join(root, 'renderer/new.svelte'));
    expect(fingerprint(root)).toBe(changed);
  });
});

describe('isStale', () => {
  it('is true before the first build and after a change', () => {
    expect(isStale(root)).toBe(true);
    writeFileSync(join(root, 'out/built-from.txt'), `${fingerprint(root)}\n`);
    expect(isStale(root)).toBe(false);
    writeFileSync(join(root, 'main/a/b.ts'), 'other');
    expect(isStale(root)).toBe(true);
  });

  it('lets ensureBuilt do nothing, and say nothing, when it is false', async () => {
    writeFileSync(join(root, 'out/built-from.txt'), fingerprint(root));
    const said: string[] = [];
    await ensureBuilt({ root, say: (line) => void said.push(line) });
    expect(said).toEqual([]);
  });
});

describe('withLock', () => {
  it('lets one task in at a time', async () => {
    const order: string[] = [];
    const task = (name: string) =>
      withLock(join(root, 'out/.lock'), async () => {
        order.push(`${name} in`);
        await new Promise((done) => setTimeout(done, 30));
        order.push(`${name} out`);
      });
    await Promise.all([task('a'), task('b')]);
    expect(order.map((line) => line.slice(2))).toEqual(['in', 'out', 'in', 'out']);
  });

  it('opens again after a task that failed, and after a process that died with it', async () => {
    const lock = join(root, 'out/.lock');
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await new Promise((done) => gone.once('exit', done));
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(gone.pid));
    expect(await withLock(lock, () => 7)).toBe(7);
  });
});

describe('the Electron runtime', () => {
  it('is found where npm puts it, by the name it wrote down, or in the folder that was named', () => {
    expect(findElectron(root, {})).toBeNull();
    mkdirSync(join(root, 'node_modules/electron/dist'), { recursive: true });
    writeFileSync(join(root, 'node_modules/electron/path.txt'), 'shell');
    expect(findElectron(root, {})).toBeNull();
    writeFileSync(join(root, 'node_modules/electron/dist/shell'), '');
    expect(findElectron(root, {})).toBe(join(root, 'node_modules/electron/dist/shell'));
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: root })).toBeNull();
  });

  it('says in words why it cannot be fetched', async () => {
    expect(await fetchElectron(root, { env: {} })).toBe('its package is not installed');
    mkdirSync(join(root, 'node_modules/electron'), { recursive: true });
    writeFileSync(join(root, 'node_modules/electron/install.js'), 'process.exit(0)');
    expect(await fetchElectron(root, { env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } })).toMatch('is set');
    // the name of a host that cannot exist (RFC 2606)
    const env = { ELECTRON_MIRROR: 'https://mirror.invalid/' };
    expect(await fetchElectron(root, { env })).toBe('mirror.invalid cannot be reached');
  });

  it('cannot show a window without a display, or as root on Linux with its sandbox', () => {
    expect(electronObstacle({ env: {}, platform: 'linux', userId: 1000 })).toMatch('no display');
    expect(electronObstacle({ env: { DISPLAY: ':0' }, platform: 'linux', userId: 0 })).toMatch('root');
    expect(electronObstacle({ env: { DISPLAY: ':0' }, platform: 'linux', userId: 1000 })).toBeNull();
    expect(electronObstacle({ env: {}, platform: 'win32' })).toBeNull();
  });
});
