import { describe, expect, it } from 'vitest';
import { createNewest } from './newest.ts';

function harness() {
  const open = new Map<number, (value: string) => void>();
  const refuse = new Map<number, (error: Error) => void>();
  const asked: number[] = [];
  const seen: string[] = [];
  const failed: number[] = [];
  const newest = createNewest<number, string>(
    (key) => {
      asked.push(key);
      return new Promise((resolve, reject) => {
        open.set(key, resolve);
        refuse.set(key, reject);
      });
    },
    (value) => seen.push(value),
    (_, key) => failed.push(key),
  );
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return { newest, open, refuse, asked, seen, failed, settle };
}

describe('createNewest', () => {
  it('has one request in flight and skips what was overtaken', async () => {
    const { newest, open, asked, seen, settle } = harness();
    for (const key of [1, 2, 3, 4]) newest.ask(key);
    expect(asked).toEqual([1]);
    open.get(1)?.('one');
    await settle();
    expect(asked).toEqual([1, 4]);
    open.get(4)?.('four');
    await settle();
    expect(seen).toEqual(['one', 'four']);
  });
  it('goes on after a failure', async () => {
    const { newest, open, refuse, seen, failed, settle } = harness();
    newest.ask(1);
    newest.ask(2);
    refuse.get(1)?.(new Error('gone'));
    await settle();
    open.get(2)?.('two');
    await settle();
    expect(failed).toEqual([1]);
    expect(seen).toEqual(['two']);
  });
  it('delivers nothing older than a cancel, and starts afresh at once', async () => {
    const { newest, open, asked, seen, settle } = harness();
    newest.ask(1);
    newest.ask(2);
    newest.cancel();
    newest.ask(3);
    expect(asked).toEqual([1, 3]);
    open.get(1)?.('one');
    open.get(3)?.('three');
    await settle();
    expect(seen).toEqual(['three']);
    expect(asked).toEqual([1, 3]);
  });
});
