import { describe, expect, it } from 'vitest';
import { hasDisplay, launcher, openBrowser } from './open-browser.ts';

describe('openBrowser', () => {
  it('says that a Linux machine without a display has none, and starts nothing', async () => {
    expect(await openBrowser('http://127.0.0.1:1/', {}, 'linux')).toEqual({
      opened: false,
      why: 'this machine has no display',
    });
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'win32')).toBe(true);
  });

  it('says that there is no browser when the launcher is missing', async () => {
    const result = await openBrowser('http://127.0.0.1:1/', { DISPLAY: ':7', PATH: '/nowhere' }, 'linux');
    expect(result).toEqual({ opened: false, why: 'no default browser was found (xdg-open is missing)' });
  });

  it('passes the address as one argument, through no shell', () => {
    const url = 'http://127.0.0.1:1/?token=a&b';
    for (const platform of ['win32', 'darwin', 'linux'] as const) {
      const [command, ...args] = launcher(platform, url);
      expect(args.at(-1)).toBe(url);
      expect(command).not.toMatch(/cmd|sh$/);
    }
  });
});
