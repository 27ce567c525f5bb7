import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const connectPatienceMs = 4000;
const downloadPatienceMs = 10 * 60_000;

/** The Electron program of this checkout, or null while its runtime has not been fetched. */
export function findElectron(root, env = process.env) {
  const folder = join(root, 'node_modules', 'electron');
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist');
  const nameFile = join(folder, 'path.txt');
  const name = existsSync(nameFile)
    ? readFileSync(nameFile, 'utf8')
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';
  const program = join(dist, name);
  return existsSync(program) ? program : null;
}

/** Where npm's electron package fetches its runtime from: GitHub, or the lab's own mirror. */
function downloadHost(env) {
  const mirror = env.ELECTRON_MIRROR || env.npm_config_electron_mirror || 'https://github.com/';
  return URL.canParse(mirror) ? new URL(mirror) : null;
}

/** Whether a server answers within a few seconds; without this, a machine off the network waits minutes for retries. */
function isReachable(url) {
  return new Promise((resolve) => {
    const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
    const socket = connect({ host: url.hostname, port });
    const settle = (reachable) => {
      socket.destroy();
      resolve(reachable);
    };
    socket.setTimeout(connectPatienceMs, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/**
 * Fetches Electron's runtime with the package's own installer, which checks its digest.
 *
 * @returns null when it is there now, else why not, as the end of a sentence
 */
export async function fetchElectron(root, { env = process.env, say = () => {} } = {}) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return 'its package is not installed';
  if (env.ELECTRON_SKIP_BINARY_DOWNLOAD) return 'ELECTRON_SKIP_BINARY_DOWNLOAD is set';
  const throughProxy = env.HTTPS_PROXY || env.https_proxy || env.ELECTRON_GET_USE_PROXY;
  const host = downloadHost(env);
  if (host === null) return 'the address in ELECTRON_MIRROR is none';
  if (!throughProxy && !(await isReachable(host))) return `${host.hostname} cannot be reached`;
  say('Fetching the Electron runtime, once …');
  const status = await new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], { stdio: 'ignore', env });
    const timer = setTimeout(() => child.kill(), downloadPatienceMs);
    child.once('error', () => resolve(1));
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
  if (status !== 0) return `the download from ${host.hostname} failed`;
  return findElectron(root, env) === null ? 'the download is incomplete' : null;
}

/** Why this machine cannot show an Electron window even with the runtime, or null. */
export function electronObstacle({ env = process.env, platform = process.platform, userId = process.getuid?.() } = {}) {
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'this machine has no display';
  if (userId === 0) return 'Electron keeps its sandbox only for an ordinary user, and this is root';
  return null;
}
