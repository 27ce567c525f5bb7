import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  /** an id of the window's command registry */
  run(command: string): void;
  open(path: string): void;
}

export interface MenuState {
  platform: NodeJS.Platform;
  /** newest first */
  recent: readonly { path: string; name: string }[];
  isPackaged: boolean;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

/**
 * The native menu. Its items only name commands of the window's registry, where they are done; the page also hears
 * their keys, so the menu shows keys and does not register them.
 */
export function menuTemplate(state: MenuState, actions: MenuActions): Item[] {
  const isMac = state.platform === 'darwin';
  const item = (label: string, command: string, accelerator?: string): Item => ({
    label,
    click: () => actions.run(command),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });

  const recent: Item[] =
    state.recent.length === 0
      ? [{ label: 'Nothing opened yet', enabled: false }]
      : state.recent.slice(0, 15).map(({ path, name }): Item => ({
          // an ampersand in a menu marks the next letter
          label: name.replaceAll('&', '&&'),
          sublabel: path,
          click: () => actions.open(path),
        }));

  const menu: Item[] = [
    {
      label: '&File',
      submenu: [
        item('New project', 'file.new', 'CmdOrCtrl+N'),
        item('Open files…', 'file.open', 'CmdOrCtrl+O'),
        item('Open a folder of data…', 'file.openFolder'),
        item('Open raw numbers…', 'file.openRaw'),
        item('Open a project…', 'file.openProject', 'CmdOrCtrl+Shift+O'),
        { label: 'Open recent', submenu: recent },
        item('Open the sample', 'file.sample'),
        separator,
        item('Save', 'file.save', 'CmdOrCtrl+S'),
        item('Save project as…', 'file.saveAs', 'CmdOrCtrl+Shift+S'),
        item('Save recipe…', 'file.saveRecipe'),
        separator,
        isMac ? { role: 'close' } : { role: 'quit', label: 'Quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        item('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Workspace', 'view.workspace', 'CmdOrCtrl+1'),
        item('Results', 'view.results', 'CmdOrCtrl+2'),
        item('Compare', 'view.compare', 'CmdOrCtrl+3'),
        item('Figures', 'view.figures', 'CmdOrCtrl+4'),
        separator,
        item('Larger text', 'view.larger', 'CmdOrCtrl+='),
        item('Smaller text', 'view.smaller', 'CmdOrCtrl+-'),
        { role: 'togglefullscreen' },
        separator,
        item('Find a command…', 'help.palette', 'CmdOrCtrl+K'),
        ...(state.isPackaged ? [] : [separator, { role: 'reload' } as Item, { role: 'toggleDevTools' } as Item]),
      ],
    },
    {
      label: '&Run',
      submenu: [
        item('Prepare data…', 'data.prepare', 'CmdOrCtrl+P'),
        separator,
        item('Decompose…', 'run.decompose', 'CmdOrCtrl+R'),
        item('Separate…', 'run.separate', 'CmdOrCtrl+Shift+B'),
        item('Cluster…', 'run.cluster', 'CmdOrCtrl+Shift+K'),
        item('Fit peaks…', 'run.peaks', 'CmdOrCtrl+Shift+F'),
        separator,
        item('Cancel the running job', 'run.cancel', 'CmdOrCtrl+.'),
      ],
    },
    {
      label: '&Help',
      role: 'help',
      submenu: [
        item('Shortcuts', 'help.shortcuts', 'CmdOrCtrl+/'),
        ...(isMac ? [] : [separator, item('About Eigenscope', 'help.about')]),
      ],
    },
  ];
  return isMac ? [{ role: 'appMenu' }, ...menu.slice(0, 4), { role: 'windowMenu' }, ...menu.slice(4)] : menu;
}
