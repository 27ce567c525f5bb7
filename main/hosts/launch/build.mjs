import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/* Plain JavaScript for Node 20: it runs before anything is built. */

export const projectRoot = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const sourceFolders = ['main', 'renderer', 'workers'];
const sourceFiles = ['electron.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json'];
const stampFile = 'out/built-from.txt';
const lockFolder = 'out/.lock';

/** Files whose content decides what is built; tests and generated files do not. */
function* sources(root) {
  const pending = sourceFolders.map((name) => join(root, name));
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else if (!/\.(test|gen)\.[a-z]+$|\.tmp$|~$|^\./.test(entry.name)) yield path;
    }
  }
  for (const name of sourceFiles) if (existsSync(join(root, name))) yield join(root, name);
}

/** A digest of every source file. Content, not times: a checkout of the same files needs no build. */
export function fingerprint(root = projectRoot) {
  const digest = createHash('sha256');
  const rows = [...sources(root)].map((path) => [relative(root, path).split(sep).join('/'), path]);
  for (const [name, path] of rows.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = readFileSync(path);
    digest.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return digest.digest('hex');
}

/** Whether what lies in `out/` was built from other sources than the present ones, or not at all. */
export function isStale(root = projectRoot) {
  const stamp = join(root, stampFile);
  return !existsSync(stamp) || readFileSync(stamp, 'utf8').trim() !== fingerprint(root);
}

/** Whether the process that holds the lock still lives; a lock without a readable id counts as held for a minute. */
function isHeld(lock) {
  let owner;
  try {
    owner = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    try {
      return Date.now() - statSync(lock).mtimeMs < 60_000;
    } catch {
      return false;
    }
  }
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `task` while no other process builds. Folder creation is the one step that only one process can win. */
export async function withLock(lock, task) {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isHeld(lock)) rmSync(lock, { recursive: true, force: true });
      else await new Promise((done) => setTimeout(done, 200));
    }
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return await task();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

async function build(root) {
  // The digest is taken before, so that a file edited while the build runs makes the result stale.
  const from = fingerprint(root);
  const { buildKernels } = await import(pathToFileURL(join(root, 'workers/kernels/build.mjs')).href);
  await buildKernels();
  rmSync(join(root, 'out/next'), { recursive: true, force: true });
  process.env['EIGENSCOPE_OUT'] = 'out/next';
  // electron-vite looks for package.json in the current folder, which may be the user's
  const here = process.cwd();
  process.chdir(root);
  try {
    const { build: bundle } = await import('electron-vite');
    await bundle({ root, configFile: join(root, 'electron.config.ts'), logLevel: 'warn' });
  } finally {
    process.chdir(here);
    delete process.env['EIGENSCOPE_OUT'];
  }
  rmSync(join(root, stampFile), { force: true });
  for (const part of readdirSync(join(root, 'out/next'))) {
    rmSync(join(root, 'out', part), { recursive: true, force: true });
    renameSync(join(root, 'out/next', part), join(root, 'out', part));
  }
  rmSync(join(root, 'out/next'), { recursive: true, force: true });
  writeFileSync(join(root, stampFile), `${from}\n`);
}

/**
 * Builds `out/` from the sources if it is stale; several processes may ask at once, one builds.
 * A build that fails leaves the old output in place.
 *
 * @param say  told in one line when there is something to build
 */
export async function ensureBuilt({ root = projectRoot, say = () => {} } = {}) {
  if (!isStale(root)) return;
  await withLock(join(root, lockFolder), async () => {
    if (!isStale(root)) return;
    say('Building Eigenscope …');
    await build(root);
  });
}

async function main() {
  if (process.argv.includes('--kernels')) {
    const { buildKernels } = await import(pathToFileURL(join(projectRoot, 'workers/kernels/build.mjs')).href);
    await buildKernels();
  } else {
    await ensureBuilt({ say: (line) => process.stderr.write(`${line}\n`) });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
