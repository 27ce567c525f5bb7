import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from './menu.ts';
import type { MenuState } from './menu.ts';

const state: MenuState = { platform: 'linux', recent: [], isPackaged: true };

/** Every item of a menu with its submenus, in order. */
function flatten(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
}

function build(change: Partial<MenuState> = {}) {
  const told: string[] = [];
  const items = flatten(
    menuTemplate({ ...state, ...change }, { run: (command) => told.push(command), open: (path) => told.push(path) }),
  );
  const click = (label: string): string | undefined => {
    const item = items.find((one) => one.label === label);
    (item?.click as (() => void) | undefined)?.();
    return told.pop();
  };
  return { items, click };
}

describe('menuTemplate', () => {
  it('names commands of the window and does nothing itself', () => {
    const { click } = build();
    expect(click('Undo')).toBe('edit.undo');
    expect(click('Open files…')).toBe('file.open');
  });

  it('leaves the keys to the page, which hears them too', () => {
    for (const item of build().items.filter((one) => one.accelerator !== undefined)) {
      expect(item.registerAccelerator, item.label ?? '').toBe(false);
    }
  });

  it('uses no key twice', () => {
    const keys = build().items.flatMap((item) => (item.accelerator === undefined ? [] : [String(item.accelerator)]));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('lists recent files, an ampersand in a name shown as one', () => {
    const { click, items } = build({ recent: [{ path: '/d/a&b.dm4', name: 'a&b.dm4' }] });
    expect(click('a&&b.dm4')).toBe('/d/a&b.dm4');
    expect(items.some((item) => item.label === 'Nothing opened yet')).toBe(false);
    expect(build().items.find((item) => item.label === 'Nothing opened yet')?.enabled).toBe(false);
  });

  it('has the menus a Mac expects there, and developer tools only in a checkout', () => {
    const roles = (change: Partial<MenuState>) => build(change).items.map((item) => item.role);
    expect(roles({ platform: 'darwin' })).toContain('appMenu');
    expect(roles({ platform: 'win32' })).not.toContain('appMenu');
    expect(roles({})).not.toContain('toggleDevTools');
    expect(roles({ isPackaged: false })).toContain('toggleDevTools');
  });
});
