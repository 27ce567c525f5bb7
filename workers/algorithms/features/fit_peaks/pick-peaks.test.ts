import { describe, expect, it } from 'vitest';
import { localMaxima, pickPeaks, widthAt } from './pick-peaks.ts';

describe('local maxima', () => {
  // by hand, and as scipy.signal.peak_prominences defines them
  it('have the height above the higher of the two valleys as prominence', () => {
    const y = [0, 5, 2, 3, 1, 8, 4, 6, 0];
    expect(localMaxima(y).map(({ index, prominence }) => [index, prominence])).toEqual([
      [1, 4],
      [3, 1],
      [5, 8],
      [7, 2],
    ]);
  });

  it('of a flat top are in its middle; ends and rising steps are none', () => {
    expect(localMaxima([0, 2, 2, 2, 0]).map(({ index }) => index)).toEqual([2]);
    expect(localMaxima([3, 2, 1])).toEqual([]);
    expect(localMaxima([0, 1, 1, 2])).toEqual([]);
    expect(localMaxima([])).toEqual([]);
  });

  it('have the width at half prominence, between samples by straight lines', () => {
    expect(localMaxima([0, 0, 2, 0, 0])[0]!.width).toBe(1);
    expect(widthAt([0, 1, 2, 3, 2, 1, 0], 3, 1.5)).toBe(3);
  });
});

describe('picking peaks', () => {
  const y = [0, 5, 2, 3, 1, 8, 4, 6, 0];
  it('takes the most prominent in order of their place', () => {
    expect(pickPeaks(y, 2, 0, 1).map(({ index }) => index)).toEqual([1, 5]);
  });
  it('takes none below the least prominence, nor too close to a larger one', () => {
    expect(pickPeaks(y, 9, 2, 1).map(({ index }) => index)).toEqual([1, 5, 7]);
    expect(pickPeaks(y, 9, 0, 3).map(({ index }) => index)).toEqual([1, 5]);
  });
});
