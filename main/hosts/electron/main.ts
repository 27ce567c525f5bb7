import { BrowserWindow, Menu, app, dialog, ipcMain, nativeTheme, protocol, session } from 'electron';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toPlainError } from '../../../workers/model/errors.ts';
import { createApp } from '../../app.ts';
import { dataFolder, findAppRoot } from '../shared/app-root.ts';
import { createNodePlatform } from '../shared/node-platform.ts';
import { createOpenQueue } from '../shared/open-queue.ts';
import { createSchemeHandler, schemePrivileges } from './app-scheme.ts';
import { eventChannel } from './channels.ts';
import { createDialogs } from './dialogs.ts';
import { connectMessages } from './ipc.ts';
import { endCleanly } from './lifecycle.ts';
import { menuTemplate } from './menu.ts';
import { filesOf } from './open-with.ts';
import { pageAddress, scheme } from './origin.ts';
import { openedPath, readRecent } from './recent-files.ts';
import { keepInside, lockDown, windowOptions } from './window-rules.ts';

/* The desktop application: wires Electron to the one application of main/app.ts. Every rule is in a file beside. */

/** A page that dies again this soon after a reload is left as it is: reloading would go on for ever. */
const reloadRestMs = 30_000;

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const root = findAppRoot(import.meta.url);
const opens = createOpenQueue();
let window: BrowserWindow | null = null;

function showWindow(): void {
  if (window === null) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function createWindow(): void {
  const icon = join(root, 'assets', 'icons', 'eigenscope-512.png');
  const made = new BrowserWindow({
    ...windowOptions(join(root, 'out', 'preload', 'preload.cjs'), existsSync(icon) ? icon : null),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181b' : '#ffffff',
  });
  let lastReload = 0;
  window = made;
  made.once('ready-to-show', () => made.show());
  made.on('closed', () => (window = null));
  made.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`the page has gone (${reason})`);
    if (reason === 'clean-exit' || Date.now() - lastReload < reloadRestMs) return;
    lastReload = Date.now();
    made.webContents.reload();
  });
  made.loadURL(pageAddress).catch((thrown: unknown) => log(`the page did not load: ${toPlainError(thrown).message}`));
}

async function start(): Promise<void> {
  await app.whenReady();
  const platform = createNodePlatform({
    host: 'electron',
    roots: null,
    data: app.getPath('userData'),
    dialogs: createDialogs(dialog, () => window),
    log,
  });
  const application = await createApp(platform);
  endCleanly(app, () => application.shutdown(), log);

  lockDown(session.defaultSession);
  protocol.handle(
    scheme,
    createSchemeHandler({ app: application, pages: join(root, 'out', 'renderer'), log }) as (
      request: GlobalRequest,
    ) => Promise<GlobalResponse>,
  );

  const refreshMenu = async (): Promise<void> => {
    const recent = await readRecent(application);
    const template = menuTemplate(
      { platform: process.platform, recent, isPackaged: app.isPackaged },
      {
        run: (command) => window?.webContents.send(eventChannel, { name: 'command.requested', payload: { command } }),
        open: (path) => opens.request([path]),
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };

  connectMessages(ipcMain, {
    app: application,
    opens,
    contents: () => window?.webContents ?? null,
    onDone(method, params) {
      const path = openedPath(method, params);
      if (path === null) return;
      app.addRecentDocument(path);
      void refreshMenu();
    },
    log,
  });

  await refreshMenu();
  createWindow();
  app.on('activate', () => {
    if (window === null) createWindow();
  });
}

function fail(thrown: unknown): void {
  const { message } = toPlainError(thrown);
  log(`eigenscope: ${message}`);
  dialog.showErrorBox('Eigenscope cannot start', message);
  app.exit(1);
}

// one name whether packaged or not: it decides the folder of the settings
app.setName('Eigenscope');
mkdirSync(dataFolder(), { recursive: true });
app.setPath('userData', dataFolder());
app.setAboutPanelOptions({
  applicationName: 'Eigenscope',
  applicationVersion: app.getVersion(),
  copyright: 'MIT licence',
});
app.enableSandbox();
protocol.registerSchemesAsPrivileged([schemePrivileges]);
app.on('web-contents-created', (_event, contents) => keepInside(contents, log));
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
// macOS tells of files in events, the others on the command line
app.on('open-file', (event, path) => {
  event.preventDefault();
  opens.request([path]);
  showWindow();
});

if (app.requestSingleInstanceLock()) {
  opens.request(filesOf(process.argv, process.cwd(), app.isPackaged));
  app.on('second-instance', (_event, argv, folder) => {
    opens.request(filesOf(argv, folder, app.isPackaged));
    showWindow();
  });
  start().catch(fail);
} else {
  // the window that is there opens the files
  app.quit();
}
