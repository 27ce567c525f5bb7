import { describe, expect, it } from 'vitest';
import { keepApart } from './draw-lines.ts';

describe('keepApart', () => {
  it('leaves labels that do not touch', () => expect(keepApart([5, 1, 9], 2, 0, 10)).toEqual([5, 1, 9]));
  it('parts those that do, in their order', () => {
    const places = keepApart([5, 5, 5.1], 2, 0, 20);
    const sorted = [...places].sort((a, b) => a - b);
    expect(sorted[1]! - sorted[0]!).toBeGreaterThanOrEqual(2);
    expect(sorted[2]! - sorted[1]!).toBeGreaterThanOrEqual(2);
    expect(places[2]).toBe(Math.max(...places));
  });
  it('stays inside', () => {
    const places = keepApart([9.9, 9.8, 9.7], 2, 0, 10);
    expect(Math.max(...places)).toBeLessThanOrEqual(9);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(1);
  });
});
