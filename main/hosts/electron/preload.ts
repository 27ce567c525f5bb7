import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../../contract/client.ts';
import { callChannel, eventChannel, listenChannel } from './channels.ts';

/*
 * All the page has of the outside: three functions on one frozen object. No channel name, no event object and
 * nothing of Electron passes through.
 */
const bridge: Bridge = Object.freeze({
  call: (method: string, params: unknown): Promise<unknown> => ipcRenderer.invoke(callChannel, method, params),
  on(listener: (event: { name: string; payload: unknown }) => void): () => void {
    const pass = (_event: unknown, told: { name: string; payload: unknown }): void => listener(told);
    ipcRenderer.on(eventChannel, pass);
    ipcRenderer.send(listenChannel);
    return () => void ipcRenderer.off(eventChannel, pass);
  },
  pathOf: (file: File): string => webUtils.getPathForFile(file),
});

contextBridge.exposeInMainWorld('eigenscope', bridge);
