import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/* Finds a browser of the Chromium family for the window's tests. Plain JavaScript for Node 20. */

/** Programs of installed browsers by system, the likeliest first. */
export function installedCandidates(env = process.env, platform = process.platform) {
  if (env.EIGENSCOPE_BROWSER) return [env.EIGENSCOPE_BROWSER];
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
    const programs = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
      'Chromium\\Application\\chrome.exe',
    ];
    return programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  }
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return apps.flatMap((app) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) => `${folder}/${app}.app/Contents/MacOS/${app}`),
    );
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
  ];
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Whether a browser starts at all: one whose libraries are missing does not even tell its version. */
function starts(program) {
  if (process.platform === 'win32') return true; // there, asking for the version opens a window
  return spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

function findInstalled() {
  const program = installedCandidates().find((path) => existsSync(path) && starts(path));
  return program === undefined ? null : { executablePath: program, args: [] };
}

/** The Chromium of the npm package, unpacked to the temporary folder; Linux on x64 and arm64 only. */
async function findPackaged() {
  if (process.platform !== 'linux') return null;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    // its own arguments would switch off the web's security, which the tests are to see at work
    const args = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
    return starts(executablePath) ? { executablePath, args } : null;
  } catch {
    return null;
  }
}

/** Installs Debian packages where this is allowed without a question: as root. Returns whether that worked. */
function installDebian(packages, say) {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  say(`Installing ${packages.join(' ')} for the window's tests …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { stdio: 'ignore', env, timeout: 600_000 })
      .status === 0;
  const install = () => aptGet('install', '-y', '--no-install-recommends', ...packages);
  return install() || (aptGet('update') && install());
}

export const whatToInstall =
  'No browser for the window’s tests: install Chromium, Chrome or Edge (Debian: apt-get install chromium), ' +
  'or name one in EIGENSCOPE_BROWSER.';

/**
 * An installed Chromium, Chrome or Edge; else the one of the npm package; else, as root on Debian, the libraries that
 * one needs or Debian's own are installed.
 *
 * @returns {Promise<{executablePath: string, args: string[]} | null>}
 */
export async function findBrowser({ say = () => {} } = {}) {
  const found = findInstalled() ?? (await findPackaged());
  if (found !== null) return found;
  if (installDebian(['libnss3', 'libnspr4'], say)) {
    const packaged = await findPackaged();
    if (packaged !== null) return packaged;
  }
  return installDebian(['chromium'], say) ? findInstalled() : null;
}
