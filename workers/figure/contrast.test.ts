import { describe, expect, it } from 'vitest';
import { autoLimits, fullLimits, isSigned, percentileLimits, sharedLimits, symmetricLimits } from './contrast.ts';

const ramp = Float64Array.from({ length: 1001 }, (_, i) => i);

describe('percentileLimits', () => {
  // numpy.percentile(arange(1001), [0.5, 99.5]) = [5, 995]
  it('cuts half a percent at each end by default', () => expect(percentileLimits(ramp)).toEqual({ min: 5, max: 995 }));
  it('interpolates linearly as numpy does', () => {
    // numpy.percentile([1, 2, 4, 8], [10, 90]) = [1.3, 6.8]
    const { min, max } = percentileLimits([8, 1, 4, 2], 10, 90);
    expect(min).toBeCloseTo(1.3, 12);
    expect(max).toBeCloseTo(6.8, 12);
  });
  it('ignores NaN and infinities', () => {
    expect(percentileLimits([NaN, 1, Infinity, 3, -Infinity], 0, 100)).toEqual({ min: 1, max: 3 });
  });
  it('shows a constant in the middle of a range', () => {
    expect(percentileLimits([5, 5, 5])).toEqual({ min: 4.5, max: 5.5 });
    expect(percentileLimits([0])).toEqual({ min: -1, max: 1 });
  });
  it('falls back to the full range of a nearly empty map', () => {
    const sparse = new Float64Array(10000);
    sparse[17] = 3;
    expect(percentileLimits(sparse)).toEqual({ min: 0, max: 3 });
  });
  it('answers 0–1 for nothing but NaN', () => expect(percentileLimits([NaN, NaN])).toEqual({ min: 0, max: 1 }));
});

describe('signed maps', () => {
  it('lock zero in the middle', () => expect(symmetricLimits([-3, 0, 1, 2], 100)).toEqual({ min: -3, max: 3 }));
  it('have limits even when everything is zero or missing', () => {
    expect(symmetricLimits([0, 0])).toEqual({ min: -1, max: 1 });
    expect(symmetricLimits([NaN])).toEqual({ min: -1, max: 1 });
  });
  it('are recognised, rounding below zero is not', () => {
    expect(isSigned([-1, 2])).toBe(true);
    expect(isSigned([-1e-12, 2])).toBe(false);
    expect(autoLimits([-1, 1])).toEqual({ min: -1, max: 1 });
  });
});

it('shares the widest limits', () => {
  expect(
    sharedLimits([
      { min: 0, max: 1 },
      { min: -2, max: 0.5 },
    ]),
  ).toEqual({ min: -2, max: 1 });
});
it('finds the full range', () => expect(fullLimits([2, NaN, -7])).toEqual({ min: -7, max: 2 }));
