import { describe, expect, it } from 'vitest';
import { createHeap } from './heap.ts';

describe('the heap of the kernel memory', () => {
  it('gives aligned blocks that do not overlap, whatever the order of freeing', () => {
    const heap = createHeap(1001, () => undefined);
    const live = new Map<number, number>();
    let state = 1;
    const draw = (n: number): number => (state = (state * 48271) % 2147483647) % n;
    for (let step = 0; step < 5000; step++) {
      if (live.size > 20 || (live.size > 0 && draw(2) === 0)) {
        const address = [...live.keys()][draw(live.size)]!;
        heap.free(address);
        live.delete(address);
      } else {
        const bytes = draw(5000);
        const address = heap.allocate(bytes);
        expect(address % 16).toBe(0);
        expect(address).toBeGreaterThanOrEqual(1001);
        for (const [other, size] of live) expect(address + bytes <= other || other + size <= address).toBe(true);
        live.set(address, bytes);
      }
    }
    for (const address of live.keys()) heap.free(address);
    expect(heap.used).toBe(0);
  });

  it('reuses what was freed: the end does not move over 1000 rounds', () => {
    let end = 0;
    const heap = createHeap(0, (reached) => (end = Math.max(end, reached)));
    const round = (): void => {
      const addresses = [100, 5000, 30, 4096].map((bytes) => heap.allocate(bytes));
      for (const i of [1, 3, 0, 2]) heap.free(addresses[i]!);
    };
    round();
    const first = end;
    for (let i = 0; i < 1000; i++) round();
    expect(end).toBe(first);
  });

  it('refuses more than 4 GB by name and stays usable', () => {
    const heap = createHeap(0, () => undefined);
    heap.allocate(3 * 2 ** 30);
    expect(() => heap.allocate(2 * 2 ** 30)).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    expect(heap.allocate(1000)).toBe(3 * 2 ** 30);
  });

  it('reports a block freed twice', () => {
    const heap = createHeap(0, () => undefined);
    const address = heap.allocate(10);
    heap.free(address);
    expect(() => heap.free(address)).toThrow('No block');
  });
});
