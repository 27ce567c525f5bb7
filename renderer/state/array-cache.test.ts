import { describe, expect, it } from 'vitest';
import { createArrayCache } from './array-cache.ts';

const ofBytes = (n: number) => ({ dtype: 'uint8', shape: [n], data: new Uint8Array(n) });

describe('createArrayCache', () => {
  it('fetches a key once, also when asked twice at the same time', async () => {
    const cache = createArrayCache(100);
    let fetched = 0;
    const one = async () => {
      fetched++;
      return ofBytes(10);
    };
    const [a, b] = await Promise.all([cache.get('a', one), cache.get('a', one)]);
    expect(a).toBe(b);
    expect(await cache.get('a', one)).toBe(a);
    expect(fetched).toBe(1);
  });
  it('drops the least recently used when full', async () => {
    const cache = createArrayCache(100);
    await cache.get('a', async () => ofBytes(40));
    await cache.get('b', async () => ofBytes(40));
    cache.peek('a');
    await cache.get('c', async () => ofBytes(40));
    expect(cache.peek('a')).not.toBeNull();
    expect(cache.peek('b')).toBeNull();
    expect(cache.peek('c')).not.toBeNull();
  });
  it('keeps one array larger than the whole cache, and forgets failures', async () => {
    const cache = createArrayCache(10);
    await cache.get('large', async () => ofBytes(40));
    expect(cache.peek('large')).not.toBeNull();
    await expect(cache.get('bad', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect((await cache.get('bad', async () => ofBytes(1))).data.length).toBe(1);
  });
});
