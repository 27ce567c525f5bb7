import { readFileSync, readdirSync } from 'node:fs';
import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { menuTemplate } from '../../main/hosts/electron/menu.ts';

/** The texts of the window's command registry; it cannot be imported here, its modules need a page. */
const registry = readdirSync('renderer/commands')
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(`renderer/commands/${name}`, 'utf8'))
  .join('\n');

/** Ids as they stand there: in full, or by the last part as argument of a function (`view('results', …)`). */
const isRegistered = (id: string): boolean => {
  const [group, name] = id.split('.');
  return registry.includes(`'${id}'`) || registry.includes(`${group}('${name}'`);
};

it('every item of the native menu names a command of the window', () => {
  const commands: string[] = [];
  const clickAll = (items: readonly MenuItemConstructorOptions[]): void => {
    for (const item of items) {
      (item.click as (() => void) | undefined)?.();
      if (Array.isArray(item.submenu)) clickAll(item.submenu);
    }
  };
  const state = { platform: 'linux', recent: [], isPackaged: false } as const;
  clickAll(menuTemplate(state, { run: (command) => commands.push(command), open: () => {} }));
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((id) => !isRegistered(id))).toEqual([]);
});
