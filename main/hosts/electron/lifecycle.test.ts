import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endCleanly } from './lifecycle.ts';

/** An Electron that quits as the real one does: it asks, and ends unless somebody prevents it. */
function createFake() {
  let ask: (event: { preventDefault(): void }) => void = () => {};
  const fake = {
    ended: null as string | null,
    on(_event: 'before-quit', listener: typeof ask) {
      ask = listener;
      return fake;
    },
    quit() {
      let held = false;
      ask({ preventDefault: () => (held = true) });
      if (!held) fake.ended = 'quit';
    },
    exit(code: number) {
      fake.ended = `exit ${code}`;
    },
  };
  return fake;
}

describe('endCleanly', () => {
  let electron: ReturnType<typeof createFake>;
  const log: string[] = [];
  const connect = (shutdown: () => Promise<void>): void =>
    endCleanly(electron as unknown as Parameters<typeof endCleanly>[0], shutdown, (line) => void log.push(line));

  beforeEach(() => {
    electron = createFake();
    log.length = 0;
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it('quits after the application has ended, which it asks once', async () => {
    let finish = (): void => {};
    const shutdown = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    connect(shutdown);
    electron.quit();
    electron.quit();
    expect(electron.ended).toBeNull();
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(electron.ended).toBe('quit');
    expect(shutdown).toHaveBeenCalledTimes(1);
  });

  it('quits also when ending fails, and says so', async () => {
    connect(() => Promise.reject(new Error('disk full')));
    electron.quit();
    await vi.advanceTimersByTimeAsync(0);
    expect(electron.ended).toBe('quit');
    expect(log).toEqual(['shutdown: disk full']);
  });

  it('goes after ten seconds when ending hangs', async () => {
    connect(() => new Promise(() => {}));
    electron.quit();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(electron.ended).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(electron.ended).toBe('exit 1');
  });
});
