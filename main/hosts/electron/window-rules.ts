import type { BrowserWindowConstructorOptions, Session, WebContents } from 'electron';
import { isOwnPage, scheme } from './origin.ts';

/** The window as it is made: the page has no Node, no shared context with the preload script, and a sandbox. */
export function windowOptions(preload: string, icon: string | null): BrowserWindowConstructorOptions {
  return {
    title: 'Eigenscope',
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    // shown when the first picture is ready, so that nobody sees an empty frame
    show: false,
    backgroundColor: '#ffffff',
    ...(icon === null ? {} : { icon }),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // a long decomposition goes on being drawn while the window is behind another
      backgroundThrottling: false,
    },
  };
}

type Contents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

/** Nothing leads out of the page: no navigation but a reload of our own, no window, no webview. */
export function keepInside(contents: Contents, log: (line: string) => void): void {
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && isOwnPage(details.url)) return;
    details.preventDefault();
    log(`refused to go to ${details.url}`);
  });
  contents.on('will-redirect', (details) => {
    if (isOwnPage(details.url)) return;
    details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    log(`refused to open ${url}`);
    return { action: 'deny' };
  });
}

type Rules = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setSpellCheckerEnabled'
  | 'webRequest'
>;

/** Schemes a page of ours can need; everything else would leave this computer or read its files. */
const ownSchemes = [`${scheme}:`, 'blob:', 'data:', 'devtools:'];

/**
 * Refuses every permission but one (copying a figure or a sentence at a click writes to the clipboard) and every
 * request that leaves the application: it works without a network and never uses one.
 */
export function lockDown(session: Rules): void {
  const isAllowed = (permission: string, origin: string): boolean =>
    permission === 'clipboard-sanitized-write' && isOwnPage(origin);
  session.setPermissionRequestHandler((contents, permission, callback) =>
    callback(isAllowed(permission, contents.getURL())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !URL.canParse(details.url) || !ownSchemes.includes(new URL(details.url).protocol) }),
  );
}
