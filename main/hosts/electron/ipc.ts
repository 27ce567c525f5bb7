import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { AnyReply, App } from '../../app-types.ts';
import type { OpenQueue } from '../shared/open-queue.ts';
import { callChannel, eventChannel, listenChannel } from './channels.ts';
import { isOwnPage } from './origin.ts';

/** The two calls of Electron's ipcMain that are made. */
export interface MessagePort {
  handle(channel: string, listener: (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: IpcMainEvent, ...args: unknown[]) => void): unknown;
}

type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/**
 * Whether a message comes from the page of our window: from that window, from its main frame (no embedded document
 * may call), and while that frame shows our own page. A frame that has gone is null and never trusted.
 */
export function isTrusted(event: Sender, contents: WebContents | null): boolean {
  const frame = event.senderFrame;
  return (
    contents !== null &&
    !contents.isDestroyed() &&
    event.sender === contents &&
    frame !== null &&
    frame === contents.mainFrame &&
    isOwnPage(frame.url)
  );
}

export interface MessageHandlers {
  app: App;
  opens: OpenQueue;
  /** the contents of the window there is, or null between windows */
  contents(): WebContents | null;
  /** told of every call that succeeded */
  onDone(method: string, params: unknown): void;
  log(line: string): void;
}

const refusal: AnyReply = {
  ok: false,
  error: { code: 'forbidden', message: 'This request does not come from the Eigenscope window.', details: {} },
};

/** Connects calls of the page with the application and the application's events with the page. */
export function connectMessages(port: MessagePort, handlers: MessageHandlers): void {
  const { app, opens, log } = handlers;

  port.handle(callChannel, async (event, method, params): Promise<AnyReply> => {
    if (!isTrusted(event, handlers.contents())) {
      log(`refused a call from ${event.senderFrame?.url ?? 'a frame that has gone'}`);
      return refusal;
    }
    if (typeof method !== 'string') {
      return {
        ok: false,
        error: { code: 'bad-request', message: 'A call names its method as text.', details: {} },
      };
    }
    const reply = await app.call(method, params ?? {});
    if (reply.ok) handlers.onDone(method, params);
    return reply;
  });

  app.on((event) => {
    const contents = handlers.contents();
    if (contents !== null && !contents.isDestroyed()) contents.send(eventChannel, event);
  });

  let detach = (): void => {};
  port.on(listenChannel, (event) => {
    const contents = handlers.contents();
    if (contents === null || !isTrusted(event, contents)) {
      log(`refused a listener in ${event.senderFrame?.url ?? 'a frame that has gone'}`);
      return;
    }
    // a page that was reloaded listens again
    detach();
    const leave = opens.attach((told) => {
      if (!contents.isDestroyed()) contents.send(eventChannel, told);
    });
    detach = leave;
    contents.once('destroyed', leave);
  });
}
