import { describe, expect, it } from 'vitest';
import { chunkBoxes } from './chunk-boxes.ts';

describe('the boxes of a block in its chunks', () => {
  it('cover every element once, each within its chunk', () => {
    const [chunk, start, count] = [
      [3, 2, 4],
      [2, 1, 3],
      [5, 3, 6],
    ] as const;
    const seen = new Map<string, string>();
    for (const box of chunkBoxes(chunk, start, count)) {
      for (let y = box.start[0]!; y < box.start[0]! + box.count[0]!; y++)
        for (let x = box.start[1]!; x < box.start[1]! + box.count[1]!; x++)
          for (let c = box.start[2]!; c < box.start[2]! + box.count[2]!; c++) {
            expect(seen.has(`${y} ${x} ${c}`)).toBe(false);
            seen.set(`${y} ${x} ${c}`, box.index.join(' '));
          }
    }
    expect(seen.size).toBe(5 * 3 * 6);
    for (const [at, index] of seen) {
      const place = at.split(' ').map(Number);
      expect(place.map((n, axis) => Math.floor(n / chunk[axis]!)).join(' ')).toBe(index);
    }
  });

  it('come in C order of the chunks', () => {
    const order = [...chunkBoxes([2, 2], [1, 1], [3, 2])].map(({ index }) => index);
    expect(order).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  it('are one for a scalar, and none for an empty block', () => {
    expect([...chunkBoxes([], [], [])]).toEqual([{ index: [], start: [], count: [] }]);
    expect([...chunkBoxes([4], [4], [0])]).toEqual([]);
  });
});
