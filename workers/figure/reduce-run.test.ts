import { describe, expect, it } from 'vitest';
import { reduceRun } from './reduce-run.ts';

describe('reduceRun', () => {
  it('keeps the extremes of every column', () => {
    const points = Array.from({ length: 10000 }, (_, i) => [
      i / 1000,
      i === 5003 ? 99 : i === 7777 ? -99 : Math.sin(i),
    ]).flat();
    const kept = reduceRun(points, 0.02);
    expect(kept.length).toBeLessThan(points.length / 2);
    expect(kept).toContain(99);
    expect(kept).toContain(-99);
    expect(kept.slice(0, 2)).toEqual(points.slice(0, 2));
    expect(kept.slice(-2)).toEqual(points.slice(-2));
  });
  it('leaves sparse curves alone', () => expect(reduceRun([0, 1, 1, 2, 2, 1], 0.02)).toEqual([0, 1, 1, 2, 2, 1]));
});
