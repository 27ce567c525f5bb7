import { describe, expect, it } from 'vitest';
import { histogram } from './histogram.ts';

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
