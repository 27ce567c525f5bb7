import type { Bridge, Client } from '../../main/contract/client.ts';
import { createBridgeClient } from './bridge-client.ts';
import { createHttpClient } from './http-client.ts';

declare global {
  interface Window {
    /** put there by the preload script of the desktop application; absent in a browser */
    readonly eigenscope?: Bridge;
  }
}

/** The one door of the window to the services: the bridge where there is one, HTTP otherwise. */
export function openClient(onConnection: (isUp: boolean) => void): Client {
  const bridge = window.eigenscope;
  return bridge ? createBridgeClient(bridge) : createHttpClient(new URL('.', document.baseURI).href, onConnection);
}

/** Absolute path of a dropped file, or null where the page must not know it (a browser). */
export const pathOfFile = (file: File): string | null => window.eigenscope?.pathOf(file) || null;
