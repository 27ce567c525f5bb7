import { describe, expect, it } from 'vitest';
import { objectivePoints } from './objective-points.ts';

describe('the curve of an iterative method', () => {
  it('is nothing without points, and leaves out what is not finite', () => {
    expect(objectivePoints([])).toBeNull();
    expect(objectivePoints([1, NaN])).toBeNull();
    expect(Array.from(objectivePoints([1, 5, 2, Infinity, 3, 4])!.iterations)).toEqual([1, 3]);
  });
  it('takes a log axis only for positive values over more than a decade', () => {
    expect(objectivePoints([1, 1000, 2, 10])!.isLog).toBe(true);
    expect(objectivePoints([1, 12, 2, 10])!.isLog).toBe(false);
    expect(objectivePoints([1, 1000, 2, -10])!.isLog).toBe(false);
  });
  it('has room above and below, also when it is flat', () => {
    const { range } = objectivePoints([1, 7, 2, 7])!;
    expect(range[0]).toBeLessThan(7);
    expect(range[1]).toBeGreaterThan(7);
  });
  it('tells the last relative change', () => {
    expect(objectivePoints([1, 10, 2, 8])!.lastChange).toBeCloseTo(0.25, 12);
    expect(objectivePoints([1, 10])!.lastChange).toBeNull();
  });
});
