import { expect, it, vi } from 'vitest';

const electron = vi.hoisted(() => {
  const exposed = new Map<string, Record<string, unknown>>();
  const listeners = new Map<string, Set<(event: unknown, told: unknown) => void>>();
  const sent: unknown[][] = [];
  return {
    exposed,
    listeners,
    sent,
    contextBridge: { exposeInMainWorld: (name: string, api: Record<string, unknown>) => exposed.set(name, api) },
    ipcRenderer: {
      invoke: (...message: unknown[]) => {
        sent.push(['invoke', ...message]);
        return Promise.resolve({ ok: true, value: null });
      },
      send: (...message: unknown[]) => void sent.push(['send', ...message]),
      on: (channel: string, listener: (event: unknown, told: unknown) => void) =>
        listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
      off: (channel: string, listener: (event: unknown, told: unknown) => void) =>
        listeners.get(channel)?.delete(listener),
    },
    webUtils: { getPathForFile: () => '/data/dropped.dm4' },
  };
});
vi.mock('electron', () => electron);

it('gives the page three functions on one frozen object, and nothing of Electron', async () => {
  await import('./preload.ts');
  expect([...electron.exposed.keys()]).toEqual(['eigenscope']);
  const bridge = electron.exposed.get('eigenscope') ?? {};
  expect(Object.keys(bridge).sort()).toEqual(['call', 'on', 'pathOf']);
  expect(Object.isFrozen(bridge)).toBe(true);

  const { call, on, pathOf } = bridge as Record<string, (...args: unknown[]) => unknown>;
  await call?.('job.list', { a: 1 });
  expect(electron.sent).toEqual([['invoke', 'eigenscope:call', 'job.list', { a: 1 }]]);
  expect(pathOf?.({})).toBe('/data/dropped.dm4');

  const heard: unknown[][] = [];
  const leave = on?.((...args: unknown[]) => void heard.push(args)) as () => void;
  expect(electron.sent.at(-1)).toEqual(['send', 'eigenscope:listen']);
  const tell = (told: unknown): void =>
    electron.listeners.get('eigenscope:event')?.forEach((pass) => pass({ sender: 1 }, told));
  tell({ name: 'job.changed', payload: 2 });
  leave();
  tell({ name: 'job.changed', payload: 3 });
  // the event object of Electron, with its ports and sender, stays behind
  expect(heard).toEqual([[{ name: 'job.changed', payload: 2 }]]);
});
