import { spawn } from 'node:child_process';

export type Opened = { opened: true } | { opened: false; why: string };

/** A launcher that has not failed by then has handed the page over; some stay with the browser they started. */
const patienceMs = 3000;

/** Whether a window could appear at all. Windows and macOS always have a screen, a Linux session names its own. */
export function hasDisplay(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** The system's way to open an address, without a shell that would read the `&` in it. */
export function launcher(platform: NodeJS.Platform, url: string): readonly [string, ...string[]] {
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  if (platform === 'darwin') return ['open', url];
  return ['xdg-open', url];
}

/** Opens an address in the default browser. Never throws: without a display or a browser it says why. */
export function openBrowser(
  url: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Opened> {
  if (!hasDisplay(env, platform)) return Promise.resolve({ opened: false, why: 'this machine has no display' });
  const [command, ...args] = launcher(platform, url);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, env });
    const timer = setTimeout(() => resolve({ opened: true }), patienceMs);
    const settle = (result: Opened): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.once('error', () => settle({ opened: false, why: `no default browser was found (${command} is missing)` }));
    child.once('exit', (code) =>
      settle(
        code === 0 ? { opened: true } : { opened: false, why: `no default browser was found (${command} failed)` },
      ),
    );
    child.unref();
  });
}
