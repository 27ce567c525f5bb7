import { describe, expect, it } from 'vitest';
import { keepInside, lockDown, windowOptions } from './window-rules.ts';

describe('windowOptions', () => {
  it('gives the page no Node, its own context and a sandbox', () => {
    expect(windowOptions('/preload.cjs', null).webPreferences).toMatchObject({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
    });
  });
});

type Listener = (details: { url: string; isMainFrame: boolean; preventDefault(): void }) => void;

describe('keepInside', () => {
  const listeners = new Map<string, Listener>();
  let openWindow: (details: { url: string }) => unknown = () => null;
  const contents = {
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    setWindowOpenHandler: (handler: typeof openWindow) => (openWindow = handler),
  };
  keepInside(contents as unknown as Parameters<typeof keepInside>[0], () => {});

  const isRefused = (event: string, url: string, isMainFrame = true): boolean => {
    let refused = false;
    listeners.get(event)?.({ url, isMainFrame, preventDefault: () => (refused = true) });
    return refused;
  };

  it('lets the page reload itself and go nowhere else', () => {
    expect(isRefused('will-frame-navigate', 'app://eigenscope/')).toBe(false);
    for (const url of [
      'https://evil.example/',
      'file:///home/a/map.dm4',
      'app://arrays/x',
      'javascript:alert(1)',
      'data:text/html,x',
    ]) {
      expect(isRefused('will-frame-navigate', url), url).toBe(true);
    }
    expect(isRefused('will-frame-navigate', 'app://eigenscope/', false)).toBe(true);
    expect(isRefused('will-redirect', 'https://evil.example/')).toBe(true);
    expect(isRefused('will-attach-webview', 'app://eigenscope/')).toBe(true);
  });

  it('opens no window', () => {
    expect(openWindow({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(openWindow({ url: 'app://eigenscope/' })).toEqual({ action: 'deny' });
  });
});

describe('lockDown', () => {
  type Ask = (contents: { getURL(): string }, permission: string, callback: (granted: boolean) => void) => void;
  let ask: Ask = () => {};
  let check: (contents: null, permission: string, origin: string) => boolean = () => true;
  let device: () => boolean = () => true;
  let onRequest: (details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void = () => {};
  lockDown({
    setPermissionRequestHandler: (handler: Ask) => (ask = handler),
    setPermissionCheckHandler: (handler: typeof check) => (check = handler),
    setDevicePermissionHandler: (handler: typeof device) => (device = handler),
    setSpellCheckerEnabled: () => {},
    webRequest: { onBeforeRequest: (handler: typeof onRequest) => (onRequest = handler) },
  } as unknown as Parameters<typeof lockDown>[0]);

  const isGranted = (permission: string, url: string): boolean => {
    let answer = false;
    ask({ getURL: () => url }, permission, (granted) => (answer = granted));
    expect(check(null, permission, url)).toBe(answer);
    return answer;
  };

  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'fileSystem',
    'hid',
    'usb',
    'unknown',
  ])('refuses %s', (permission) => {
    expect(isGranted(permission, 'app://eigenscope/')).toBe(false);
  });

  it('lets our page alone write to the clipboard, and nobody have a device', () => {
    expect(isGranted('clipboard-sanitized-write', 'app://eigenscope/')).toBe(true);
    expect(isGranted('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(device()).toBe(false);
  });

  it.each([
    ['app://eigenscope/a.js', false],
    ['app://arrays/r1', false],
    ['blob:app://eigenscope/1', false],
    ['https://evil.example/', true],
    ['http://127.0.0.1:8080/', true],
    ['ws://evil.example/', true],
    ['file:///etc/passwd', true],
    ['no address', true],
  ])('%s: cancelled is %s', (url, cancelled) => {
    let cancel: boolean | null = null;
    onRequest({ url }, (answer) => (cancel = answer.cancel));
    expect(cancel).toBe(cancelled);
  });
});
