import { describe, expect, it } from 'vitest';
import { histogram, histogramPath } from './histogram.ts';

describe('histogram', () => {
  it('counts finite values, the largest in the last bin', () => {
    expect(histogram([0, 1, 1, 2, 3, 4, NaN, Infinity], 4)).toEqual({
      range: { min: 0, max: 4 },
      counts: [1, 2, 1, 2],
    });
  });
  it('has none for a constant or for nothing', () => {
    expect(histogram([5, 5, 5], 4)).toBeNull();
    expect(histogram([NaN], 4)).toBeNull();
  });
});

describe('histogramPath', () => {
  it('draws the square root of each count, the largest two less than the height', () => {
    expect(histogramPath([0, 4, 1], 30, 22)).toBe('M0 22L0.0 22.0h10.00L10.0 2.0h10.00L20.0 12.0h10.00V22Z');
    expect(histogramPath([0, 0], 10, 12)).toBe('M0 12L0.0 12.0h5.00L5.0 12.0h5.00V12Z');
  });
});
