import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds `out/` and `assets/`: the checkout, or the archive of an installed app. Found by walking up
 * to our package.json, because a bundler decides how deep a built file lies.
 *
 * @throws Error when there is none above `from`: the installation is broken
 */
export function findAppRoot(from: string): string {
  let folder = dirname(fileURLToPath(from));
  for (;;) {
    const description = join(folder, 'package.json');
    if (existsSync(description)) {
      const { name } = JSON.parse(readFileSync(description, 'utf8')) as { name?: unknown };
      if (name === 'eigenscope') return folder;
    }
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The installation is incomplete: its package.json was not found.');
    folder = parent;
  }
}

/** Version as package.json has it. */
export function readAppVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/**
 * Where settings, the list of recent files and autosaved projects belong without Electron: the same folder Electron
 * calls userData, so that the window finds them whichever host shows it. `EIGENSCOPE_DATA` overrides it.
 */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const own = env['EIGENSCOPE_DATA'];
  if (own !== undefined && own !== '') return own;
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Eigenscope');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Eigenscope');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'Eigenscope');
}
