import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeApp } from '../../../test/hosts/fake-app.ts';
import type { FakeApp } from '../../../test/hosts/fake-app.ts';
import { createOpenQueue } from '../shared/open-queue.ts';
import type { OpenQueue } from '../shared/open-queue.ts';
import { callChannel, eventChannel, listenChannel } from './channels.ts';
import { connectMessages, isTrusted } from './ipc.ts';
import type { MessagePort } from './ipc.ts';

/** The few parts of a WebContents that are used: its main frame, sending, its end. */
function createFakeContents(address = 'app://eigenscope/') {
  const sent: unknown[][] = [];
  let end = (): void => {};
  const fake = {
    sent,
    mainFrame: { url: address },
    isDestroyed: () => false,
    send: (...message: unknown[]) => void sent.push(message),
    once: (_event: 'destroyed', listener: () => void) => (end = listener),
    destroy() {
      fake.isDestroyed = () => true;
      end();
    },
  };
  return fake;
}

type FakeContents = ReturnType<typeof createFakeContents>;
const asContents = (fake: FakeContents): WebContents => fake as unknown as WebContents;

const messageFrom = (fake: FakeContents, frame: object | null = fake.mainFrame): IpcMainInvokeEvent & IpcMainEvent =>
  ({ sender: asContents(fake), senderFrame: frame }) as unknown as IpcMainInvokeEvent & IpcMainEvent;

describe('isTrusted', () => {
  const ours = createFakeContents();

  it('trusts the main frame of our window while it shows our page', () => {
    expect(isTrusted(messageFrom(ours), asContents(ours))).toBe(true);
  });

  it.each([
    'https://evil.example/',
    'file:///etc/passwd',
    'app://arrays/x',
    'app://eigenscope.evil.example/',
    'app://user@eigenscope/',
    'apple://eigenscope/',
    'about:blank',
    '',
  ])('distrusts our window while it shows "%s"', (address) => {
    const gone = createFakeContents(address);
    expect(isTrusted(messageFrom(gone), asContents(gone))).toBe(false);
  });

  it('distrusts an embedded frame even with our address, a frame that has gone, another window, no window', () => {
    expect(isTrusted(messageFrom(ours, { url: 'app://eigenscope/' }), asContents(ours))).toBe(false);
    expect(isTrusted(messageFrom(ours, null), asContents(ours))).toBe(false);
    expect(isTrusted(messageFrom(createFakeContents()), asContents(ours))).toBe(false);
    expect(isTrusted(messageFrom(ours), null)).toBe(false);
    const closed = createFakeContents();
    closed.destroy();
    expect(isTrusted(messageFrom(closed), asContents(closed))).toBe(false);
  });
});

describe('connectMessages', () => {
  let app: FakeApp;
  let opens: OpenQueue;
  let window: FakeContents;
  let done: unknown[];
  let log: string[];
  let handle: (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;
  let listen: (event: IpcMainEvent) => void;

  beforeEach(() => {
    app = createFakeApp();
    opens = createOpenQueue();
    window = createFakeContents();
    done = [];
    log = [];
    const port: MessagePort = {
      handle(channel, listener) {
        expect(channel).toBe(callChannel);
        handle = listener;
      },
      on(channel, listener) {
        expect(channel).toBe(listenChannel);
        listen = listener;
      },
    };
    connectMessages(port, {
      app,
      opens,
      contents: () => asContents(window),
      onDone: (method) => void done.push(method),
      log: (line) => void log.push(line),
    });
  });

  it('passes a call of our page on and its reply back', async () => {
    expect(await handle(messageFrom(window), 'job.list', { a: 1 })).toEqual({
      ok: true,
      value: { method: 'job.list', params: { a: 1 } },
    });
    expect(done).toEqual(['job.list']);
  });

  it('answers any other sender without asking the application, and logs who it was', async () => {
    const foreign = createFakeContents('https://evil.example/');
    expect(await handle(messageFrom(foreign), 'job.list', {})).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect(app.calls).toEqual([]);
    expect(log).toEqual(['refused a call from https://evil.example/']);
  });

  it.each([undefined, 7, {}, ['app.info']])('answers a call whose method is %j cleanly', async (method) => {
    expect(await handle(messageFrom(window), method, {})).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(app.calls).toEqual([]);
  });

  it('says nothing was done when a call failed', async () => {
    app.call = () => Promise.resolve({ ok: false, error: { code: 'not-found', message: 'No.', details: {} } });
    await handle(messageFrom(window), 'dataset.open', { path: '/a' });
    expect(done).toEqual([]);
  });

  it('sends events of the application to the window, and none to a window that has gone', () => {
    app.emit({ name: 'job.changed', payload: 1 });
    window.destroy();
    app.emit({ name: 'job.changed', payload: 2 });
    expect(window.sent).toEqual([[eventChannel, { name: 'job.changed', payload: 1 }]]);
  });

  it('keeps files until the page listens, and tells each once also after a reload', () => {
    opens.request(['/a.dm4']);
    expect(window.sent).toEqual([]);
    listen(messageFrom(window));
    listen(messageFrom(window));
    opens.request(['/b.dm4']);
    expect(window.sent.map(([, event]) => event)).toEqual([
      { name: 'open.requested', payload: { path: '/a.dm4' } },
      { name: 'open.requested', payload: { path: '/b.dm4' } },
    ]);
  });

  it('keeps files for the next window when this one has gone', () => {
    listen(messageFrom(window));
    window.destroy();
    opens.request(['/c.dm4']);
    window = createFakeContents();
    listen(messageFrom(window));
    expect(window.sent).toEqual([[eventChannel, { name: 'open.requested', payload: { path: '/c.dm4' } }]]);
  });

  it('lets no other frame listen', () => {
    opens.request(['/a.dm4']);
    listen(messageFrom(window, { url: 'app://eigenscope/' }));
    expect(window.sent).toEqual([]);
  });
});
