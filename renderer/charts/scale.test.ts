import { describe, expect, it } from 'vitest';
import { extentOf, linearScale, logScale, nearestIndex, valueRange } from './scale.ts';

describe('scales', () => {
  it('map data to pixels and back, also reversed', () => {
    const s = linearScale([400, 800], [50, 250]);
    expect(s(500)).toBe(100);
    expect(s.inverse(100)).toBe(500);
    expect(linearScale([400, 800], [250, 50])(400)).toBe(250);
  });
  it('put a decade into equal lengths on a log axis and hold non-positive values at the end', () => {
    const s = logScale([1e-3, 1], [300, 0]);
    expect(s(0.1)).toBeCloseTo(100);
    expect(s(0)).toBeCloseTo(300);
    expect(s.inverse(200)).toBeCloseTo(0.01);
  });
});

describe('valueRange', () => {
  it('shows zero for counts, but not for a small ripple on a high level', () => {
    expect(valueRange([10, 1000], false)[0]).toBe(0);
    expect(valueRange([990, 1000], false)[0]).toBeGreaterThan(980);
    expect(valueRange([-5, 5], false)).toEqual([-5.5, 5.5]);
    expect(valueRange([0, 0], false)).toEqual([-1, 1]);
  });
  it('does not blow up the rounding of a constant', () => {
    const [low, high] = valueRange([3.5 - 4e-16, 3.5 + 4e-16], false);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(3.85);
    expect(valueRange([-3.5 - 4e-16, -3.5], false)).toEqual([(-3.5 - 4e-16) * 1.1, 0]);
  });
  it('stays positive and within seven decades on a log axis', () => {
    const [low, high] = valueRange([-3, 1000], true);
    expect(low).toBeGreaterThan(0);
    expect(high / low).toBeLessThan(2e7);
  });
});

describe('nearestIndex', () => {
  it('finds the nearest channel on rising, falling and uneven axes', () => {
    expect(nearestIndex([1, 2, 3, 4], 2.6)).toBe(2);
    expect(nearestIndex([4, 3, 2, 1], 2.6)).toBe(1);
    expect(nearestIndex([0, 1, 10, 100], 60)).toBe(3);
    expect(nearestIndex([0, 1, 10, 100], -5)).toBe(0);
  });
});

describe('extentOf', () => {
  it('leaves out what is not finite and what is outside the channels', () => {
    expect(
      extentOf(
        [
          [NaN, 3, -2, Infinity],
          [7, 1, 1, 1],
        ],
        1,
        4,
      ),
    ).toEqual([-2, 3]);
    expect(extentOf([[NaN]])).toBeNull();
  });
});
