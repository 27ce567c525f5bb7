import { describe, expect, it } from 'vitest';
import { columnOf, fetchAtOnce, splitColumns } from './columns.ts';

describe('columns', () => {
  it('come out of a matrix in C order', () => {
    expect([...columnOf([1, 2, 3, 4, 5, 6], 3, 1)]).toEqual([2, 5]);
    expect(splitColumns([1, 2, 3, 4], 2).map((c) => [...c])).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });
  it('are fetched all at once while they are small, few when a map is large', () => {
    expect(fetchAtOnce(30, 64 * 64, 1024)).toBe(30);
    expect(fetchAtOnce(500, 64 * 64, 1024)).toBe(64);
    expect(fetchAtOnce(30, 4096 * 4096, 16)).toBe(4);
    expect(fetchAtOnce(2, 4096 * 4096, 16)).toBe(2);
  });
});
